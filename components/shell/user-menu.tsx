'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { accessQueries } from '../lib/queries';
import { Skeleton } from '../ui/skeleton';
import { accountButtonStyle, initials } from './account-button';

const UserMenuItems = dynamic(() => import('./user-menu-items').then((module) => module.UserMenuItems), {
  ssr: false,
  loading: () => <span aria-busy className={accountButtonStyle} />,
});

/** Who is signed in, and the way out. What is in the menu is loaded with the first click, which opens it. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { data: viewer } = useQuery(accessQueries.viewer());
  const [wanted, setWanted] = useState(false);
  if (viewer === undefined) return <Skeleton className="size-7 rounded-full" />;
  if (wanted) return <UserMenuItems user={viewer.user} onShortcuts={onShortcuts} />;
  return (
    <button
      type="button"
      aria-label={`Account of ${viewer.user.name}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
      className={accountButtonStyle}
    >
      {initials(viewer.user.name)}
    </button>
  );
}
