'use client';
import { ChevronsUpDown, Plus, User, Users } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { Skeleton } from '../ui/skeleton';
import { useCurrentEntity } from './current-entity';

const CreateTeamDialog = dynamic(
  () => import('../members/create-team-dialog').then((module) => module.CreateTeamDialog),
  { ssr: false },
);

/** Whose queues are shown. */
export function EntitySwitcher() {
  const { entity, viewer } = useCurrentEntity();
  const router = useRouter();
  const [creating, setCreating] = useState(false);
  if (viewer === undefined || entity === undefined) return <Skeleton className="h-9 w-full" />;
  const current = viewer.entities.find((each) => each.name === entity);
  const Icon = current?.kind === 'user' ? User : Users;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger
          aria-label={`Entity ${entity}; choose another`}
          className="flex h-9 w-full items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-left text-sm font-medium shadow-card hover:bg-hover"
        >
          <Icon className="size-4 shrink-0 text-muted" aria-hidden />
          <span className="min-w-0 flex-1 truncate">{entity}</span>
          <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" className="w-56">
          <DropdownMenuLabel>Entities</DropdownMenuLabel>
          <DropdownMenuRadioGroup
            value={entity}
            onValueChange={(next) => router.push(`/${encodeURIComponent(next)}`)}
          >
            {viewer.entities.map((each) => (
              <DropdownMenuRadioItem key={each.name} value={each.name}>
                <span className="min-w-0 flex-1 truncate">{each.name}</span>
                <span className="text-xs text-faint">{each.kind === 'user' ? 'your space' : each.role}</span>
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
          {viewer.user.isAdmin && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem icon={<Plus aria-hidden />} onSelect={() => setCreating(true)}>
                Create a team
              </DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      {creating && <CreateTeamDialog onClose={() => setCreating(false)} />}
    </>
  );
}
