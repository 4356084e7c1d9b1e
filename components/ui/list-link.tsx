'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';

/**
 * A link in a list that may be long. Links are loaded ahead when they come into view, which for each row that is scrolled past would be a
 * request; so only the first row is, for what all these pages have in common, and any other when it is pointed at.
 */
export function ListLink({
  index,
  href,
  ...rest
}: Omit<ComponentProps<typeof Link>, 'href' | 'prefetch'> & { index: number; href: string }) {
  const router = useRouter();
  const ahead = () => router.prefetch(href);
  return (
    <Link
      href={href}
      prefetch={index === 0 ? null : false}
      onPointerEnter={ahead}
      onFocus={ahead}
      {...rest}
    />
  );
}
