'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Keyboard, LogOut, Settings } from 'lucide-react';
import Link from 'next/link';
import { accessQueries } from '../lib/queries';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { Skeleton } from '../ui/skeleton';
import { toastProblem } from '../ui/toast';

/** Who is signed in, and the way out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { data: viewer } = useQuery(accessQueries.viewer());
  const client = useQueryClient();
  if (viewer === undefined) return <Skeleton className="size-7 rounded-full" />;
  const { name, email } = viewer.user;
  const leave = async () => {
    const { signOut } = await import('next-auth/react');
    await signOut({ redirect: false });
    client.clear();
    window.location.assign('/sign-in');
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Account of ${name}`}
        className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-ink uppercase"
      >
        {initials(name)}
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-60">
        <div className="px-2 py-1.5">
          <p className="truncate text-sm font-medium">{name}</p>
          <p className="truncate text-xs text-muted">{email}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href="/account">
            <Settings aria-hidden /> Account
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem icon={<Keyboard aria-hidden />} shortcut="?" onSelect={onShortcuts}>
          Keyboard shortcuts
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem icon={<LogOut aria-hidden />} onSelect={() => void leave().catch(toastProblem)}>
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => Array.from(word)[0] ?? '')
    .slice(0, 2)
    .join('') || '?';
