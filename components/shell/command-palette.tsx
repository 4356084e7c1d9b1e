'use client';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { KeyRound, Layers, Moon, Play, Plus, Rocket, Server, Sun, type LucideIcon } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useState, type ReactNode } from 'react';
import type { Page, RunSummary } from '@/core/wire';
import { api, path } from '../lib/api';
import { queueQueries } from '../queues/queries';
import { overlayStyle } from '../ui/dialog';
import { StateBadge } from '../ui/state-badge';
import { useCurrentEntity } from './current-entity';
import { NAVIGATION } from './navigation';

const itemStyle =
  'flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm select-none data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted';
const groupStyle =
  '**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:py-1.5 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-faint';

/** Finds pages, queues, agents and runs by name or id, and acts. */
export function CommandPalette({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const { entity, role } = useCurrentEntity();
  const [search, setSearch] = useState('');
  const text = useDeferredValue(search.trim());
  const name = entity ?? '';
  const queues = useQuery({ ...queueQueries.list(name), enabled: entity !== undefined });
  const agents = useQuery({ ...queueQueries.agents(name), enabled: entity !== undefined });
  const runs = useQuery({
    queryKey: ['entity', name, 'runs', 'palette', text],
    queryFn: ({ signal }) =>
      api.get<Page<RunSummary>>(`${path('entities', name)}/runs`, { query: { q: text, limit: 8 }, signal }),
    enabled: entity !== undefined && text.length >= 2,
    placeholderData: (before) => before,
  });

  const act = (run: () => void) => {
    onOpenChange(false);
    setSearch('');
    run();
  };
  const go = (href: string) => act(() => router.push(href));
  const base = `/${encodeURIComponent(name)}`;
  const item = (
    value: string,
    Icon: LucideIcon,
    label: ReactNode,
    select: () => void,
    keywords?: string[],
  ) => (
    <Command.Item key={value} value={value} keywords={keywords} onSelect={select} className={itemStyle}>
      <Icon aria-hidden />
      <span className="min-w-0 truncate">{label}</span>
    </Command.Item>
  );
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayStyle} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-pop outline-none animate-pop-in"
        >
          <Radix.Title className="sr-only">Search and commands</Radix.Title>
          <Command loop label="Search and commands">
            <Command.Input
              value={search}
              onValueChange={setSearch}
              placeholder="Queue, agent, run, or what to do…"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none sm:text-sm"
            />
            <Command.List className="max-h-[min(60dvh,26rem)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-sm text-muted">
                {runs.isFetching ? 'Searching…' : 'Nothing found.'}
              </Command.Empty>
              {entity !== undefined && (
                <>
                  <Command.Group heading="Do" className={groupStyle}>
                    {item(
                      'launch',
                      Rocket,
                      'Launch a run',
                      () => go(`${base}?launch=1&entity=${encodeURIComponent(name)}`),
                      ['start', 'run'],
                    )}
                    {role === 'admin' &&
                      item('create queue', Plus, 'Create a queue', () => go(`${base}/queues/new`), ['new'])}
                    {role === 'admin' &&
                      item('add agent', Server, 'Add an agent', () => go(`${base}/agents?add=1`), [
                        'new',
                        'token',
                        'connect',
                      ])}
                    {role === 'admin' &&
                      item('new token', KeyRound, 'Create an agent token', () =>
                        go(`${base}/tokens?create=1`),
                      )}
                    {item('new key', KeyRound, 'Create an API key', () =>
                      go(`${base}/tokens?tab=keys&create=1`),
                    )}
                  </Command.Group>
                  <Command.Group heading="Go to" className={groupStyle}>
                    {NAVIGATION.map(({ id, label, href, Icon }) =>
                      item(`go ${id}`, Icon, label, () => go(href(encodeURIComponent(name))), ['go', 'open']),
                    )}
                  </Command.Group>
                  <Command.Group heading="Queues" className={groupStyle}>
                    {queues.data?.map((queue) =>
                      item(`queue ${queue.name}`, Layers, queue.name, () =>
                        go(`${base}/queues/${encodeURIComponent(queue.name)}`),
                      ),
                    )}
                    {search !== '' &&
                      queues.data?.map((queue) =>
                        item(`launch on ${queue.name}`, Rocket, `Launch on ${queue.name}`, () =>
                          go(
                            `${base}?launch=1&entity=${encodeURIComponent(name)}&queue=${encodeURIComponent(queue.name)}`,
                          ),
                        ),
                      )}
                  </Command.Group>
                  <Command.Group heading="Agents" className={groupStyle}>
                    {agents.data?.map((agent) =>
                      item(`agent ${agent.name} ${agent.id}`, Server, agent.name, () =>
                        go(`${base}/agents?agent=${agent.id}`),
                      ),
                    )}
                  </Command.Group>
                  {(runs.data?.items.length ?? 0) > 0 && text.length >= 2 && (
                    <Command.Group heading="Runs" className={groupStyle} forceMount>
                      {runs.data?.items.map((run) => (
                        <Command.Item
                          key={run.id}
                          value={`run ${run.name} ${run.id}`}
                          keywords={[text]}
                          onSelect={() => go(`/runs/${run.id}`)}
                          className={itemStyle}
                        >
                          <Play aria-hidden />
                          <span className="min-w-0 truncate">{run.name}</span>
                          <span className="font-mono text-xs text-faint">{run.id}</span>
                          <StateBadge
                            state={run.state}
                            stopping={run.stopping}
                            className="ml-auto [&_svg]:size-3 [&_svg]:text-current"
                          />
                        </Command.Item>
                      ))}
                    </Command.Group>
                  )}
                </>
              )}
              <Command.Group heading="Theme" className={groupStyle}>
                {item('theme light', Sun, 'Light theme', () => act(() => setTheme('light')))}
                {item('theme dark', Moon, 'Dark theme', () => act(() => setTheme('dark')))}
              </Command.Group>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
