'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Keyboard, LogOut, Settings } from 'lucide-react';
import Link from 'next/link';
import type { Viewer } from '@/core/wire';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { toastProblem } from '../ui/toast';
import { accountButtonStyle, initials } from './account-button';

/** The menu of who is signed in, open from the start: its script comes with the first click on it. */
export function UserMenuItems({ user, onShortcuts }: { user: Viewer['user']; onShortcuts: () => void }) {
  const client = useQueryClient();
  const { name, email } = user;
  const leave = async () => {
    const { signOut } = await import('next-auth/react');
    await signOut({ redirect: false });
    client.clear();
    window.location.assign('/sign-in');
  };
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenuTrigger aria-label={`Account of ${name}`} className={accountButtonStyle}>
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
