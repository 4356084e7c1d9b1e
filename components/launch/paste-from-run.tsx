'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import { Command } from 'cmdk';
import { runQueries } from '../runs/queries';
import { Button } from '../ui/button';
import { Popover, PopoverContent, PopoverTrigger } from '../ui/popover';
import { StateBadge } from '../ui/state-badge';
import { RelativeTime } from '../ui/time';

/** Fills the form with everything a run was launched with: the last runs, found by name or id. */
export function PasteFromRun({ entity, onRun }: { entity: string; onRun: (id: string) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const runs = useInfiniteQuery({
    ...runQueries.list(entity, { limit: 20, ...(text.trim() === '' ? {} : { q: text.trim() }) }),
    enabled: open && entity !== '',
  });
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="sm">
          <ClipboardPaste aria-hidden /> Paste from run…
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-96 max-w-[calc(100vw-2rem)] p-0" align="end">
        <Command shouldFilter={false} loop label="Runs">
          <Command.Input
            value={text}
            onValueChange={setText}
            placeholder="Name or id of a run"
            className="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
          />
          <Command.List className="max-h-72 overflow-y-auto p-1">
            {runs.error !== null ? (
              <p className="px-2 py-3 text-sm text-danger">{runs.error.message}</p>
            ) : (
              <Command.Empty className="px-2 py-3 text-sm text-muted">
                {runs.data === undefined ? 'Loading…' : 'No such run.'}
              </Command.Empty>
            )}
            {runs.data?.pages[0]?.items.map((run) => (
              <Command.Item
                key={run.id}
                value={run.id}
                onSelect={() => {
                  onRun(run.id);
                  setOpen(false);
                }}
                className="flex items-center gap-2 rounded-md px-2 py-1.5 text-sm select-none data-[selected=true]:bg-hover"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{run.name}</span>
                  <span className="block truncate text-xs text-muted">
                    {run.queue}, {run.author}, <RelativeTime at={run.createdAt} />
                  </span>
                </span>
                <StateBadge state={run.state} />
              </Command.Item>
            ))}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
