'use client';
import { usePathname, useSearchParams } from 'next/navigation';

export interface LaunchTarget {
  entity?: string;
  queue?: string;
  /** Run whose launch fills the form. */
  from?: string;
}

/** Address of the page as it is with the launch drawer open; the drawer's state is in the address, so that Back closes it. */
export function useLaunchHref(): (target: LaunchTarget) => string {
  const pathname = usePathname();
  const search = useSearchParams();
  return (target) => {
    const params = new URLSearchParams(search);
    params.set('launch', '1');
    for (const key of ['entity', 'queue', 'from'] as const) {
      const value = target[key];
      if (value === undefined) params.delete(key);
      else params.set(key, value);
    }
    return `${pathname}?${params.toString()}`;
  };
}
