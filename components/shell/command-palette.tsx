'use client';
import { Command } from 'cmdk';
import {
  Boxes,
  Building2,
  Keyboard,
  KeyRound,
  Layers,
  Moon,
  Pause,
  Play,
  Plus,
  Rocket,
  Server,
  Settings,
  Sun,
} from 'lucide-react';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useState } from 'react';
import { resumeQueue } from '../lib/changes';
import { overlayStyle } from '../ui/dialog';
import { Kbd } from '../ui/kbd';
import { StateBadge } from '../ui/state-badge';
import { toast, toastProblem } from '../ui/toast';
import { useCurrentEntity } from './current-entity';
import { pagesFor } from './navigation';
import { usePaletteData } from './palette-data';
import { PaletteGroup, PaletteItem } from './palette-items';

export interface CommandPaletteProps {
  onClose: () => void;
  onPauseQueue: (queue: { entity: string; name: string }) => void;
  onShortcuts: () => void;
}

/** Finds pages, queues, agents and runs by name or id, and acts. */
export function CommandPalette({ onClose, onPauseQueue, onShortcuts }: CommandPaletteProps) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const { entity, role, viewer } = useCurrentEntity();
  const [search, setSearch] = useState('');
  const text = useDeferredValue(search.trim());
  const { queues, jobs, agents, runs, searching, failed } = usePaletteData(entity, text);
  const name = entity ?? '';
  const base = `/${encodeURIComponent(name)}`;
  const admin = role === 'admin';
  const act = (run: () => void) => () => {
    onClose();
    run();
  };
  const go = (href: string) => act(() => router.push(href));
  const launchOn = (queue: string) =>
    go(`${base}?launch=1&entity=${encodeURIComponent(name)}&queue=${encodeURIComponent(queue)}`);
  const resume = (queue: string) =>
    act(() => {
      resumeQueue(name, queue).then(() => toast.success(`${queue} goes on`), toastProblem);
    });
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
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
                {searching
                  ? 'Searching…'
                  : failed
                    ? 'The server could not be asked; only what this page knows was searched.'
                    : 'Nothing found.'}
              </Command.Empty>
              {entity !== undefined && (
                <>
                  <PaletteGroup heading="Do">
                    <PaletteItem
                      value="launch"
                      Icon={Rocket}
                      label="Launch a run"
                      keywords={['start', 'run']}
                      onSelect={go(`${base}?launch=1&entity=${encodeURIComponent(name)}`)}
                    >
                      <Kbd keys="l" />
                    </PaletteItem>
                    {admin && (
                      <>
                        <PaletteItem
                          value="create queue"
                          Icon={Plus}
                          label="Create a queue"
                          keywords={['new']}
                          onSelect={go(`${base}/queues/new`)}
                        />
                        <PaletteItem
                          value="add agent"
                          Icon={Server}
                          label="Add an agent"
                          keywords={['new', 'token', 'connect']}
                          onSelect={go(`${base}/agents?add=1`)}
                        />
                        <PaletteItem
                          value="new token"
                          Icon={KeyRound}
                          label="Create an agent token"
                          onSelect={go(`${base}/tokens?create=1`)}
                        />
                      </>
                    )}
                    {(admin || role === 'member') && (
                      <PaletteItem
                        value="create job"
                        Icon={Plus}
                        label="Create a job"
                        keywords={['new']}
                        onSelect={go(`${base}/jobs?create=1`)}
                      />
                    )}
                    <PaletteItem
                      value="new key"
                      Icon={KeyRound}
                      label="Create an API key"
                      onSelect={go(`${base}/tokens?tab=keys&create=1`)}
                    />
                  </PaletteGroup>
                  <PaletteGroup heading="Queues">
                    {queues.map((queue) => (
                      <PaletteItem
                        key={queue.id}
                        value={`queue ${queue.name}`}
                        Icon={Layers}
                        label={queue.name}
                        onSelect={go(`${base}/queues/${encodeURIComponent(queue.name)}`)}
                      />
                    ))}
                    {text !== '' &&
                      queues.map((queue) => (
                        <PaletteItem
                          key={`launch ${queue.id}`}
                          value={`launch on ${queue.name}`}
                          Icon={Rocket}
                          label={`Launch on ${queue.name}`}
                          onSelect={launchOn(queue.name)}
                        />
                      ))}
                    {text !== '' &&
                      admin &&
                      queues.map((queue) =>
                        queue.paused === null ? (
                          <PaletteItem
                            key={`pause ${queue.id}`}
                            value={`pause queue ${queue.name}`}
                            Icon={Pause}
                            label={`Pause ${queue.name}…`}
                            onSelect={act(() => onPauseQueue({ entity: name, name: queue.name }))}
                          />
                        ) : (
                          <PaletteItem
                            key={`resume ${queue.id}`}
                            value={`resume queue ${queue.name}`}
                            Icon={Play}
                            label={`Resume ${queue.name}`}
                            onSelect={resume(queue.name)}
                          />
                        ),
                      )}
                  </PaletteGroup>
                  <PaletteGroup heading="Jobs">
                    {jobs.map((job) => (
                      <PaletteItem
                        key={job.id}
                        value={`job ${job.name}`}
                        Icon={Boxes}
                        label={job.name}
                        onSelect={go(`${base}/jobs/${encodeURIComponent(job.name)}`)}
                      />
                    ))}
                  </PaletteGroup>
                  <PaletteGroup heading="Agents">
                    {agents.map((agent) => (
                      <PaletteItem
                        key={agent.id}
                        value={`agent ${agent.name} ${agent.id}`}
                        Icon={Server}
                        label={agent.name}
                        onSelect={go(`${base}/agents?agent=${agent.id}`)}
                      >
                        {agent.status}
                      </PaletteItem>
                    ))}
                  </PaletteGroup>
                  {runs.length > 0 && (
                    <PaletteGroup heading="Runs">
                      {runs.map((run) => (
                        <PaletteItem
                          key={run.id}
                          value={`run ${run.name} ${run.id}`}
                          // The server has found it: it is not to be sorted out again here.
                          keywords={[text]}
                          Icon={Play}
                          label={run.name}
                          onSelect={go(`/runs/${run.id}`)}
                        >
                          <span className="font-mono">{run.id}</span>
                          <StateBadge state={run.state} stopping={run.stopping} />
                        </PaletteItem>
                      ))}
                    </PaletteGroup>
                  )}
                  <PaletteGroup heading="Go to">
                    {pagesFor(role).map(({ id, label, href, Icon, shortcut }) => (
                      <PaletteItem
                        key={id}
                        value={`go ${id}`}
                        Icon={Icon}
                        label={label}
                        keywords={['go', 'open', label]}
                        onSelect={go(href(encodeURIComponent(name)))}
                      >
                        {shortcut !== undefined && <Kbd keys={`g ${shortcut}`} />}
                      </PaletteItem>
                    ))}
                    {viewer?.entities
                      .filter((each) => each.name !== entity)
                      .map((each) => (
                        <PaletteItem
                          key={each.name}
                          value={`switch to ${each.name}`}
                          Icon={Building2}
                          label={`Switch to ${each.name}`}
                          onSelect={go(`/${encodeURIComponent(each.name)}`)}
                        />
                      ))}
                  </PaletteGroup>
                </>
              )}
              <PaletteGroup heading="You">
                <PaletteItem value="account" Icon={Settings} label="Account" onSelect={go('/account')} />
                <PaletteItem
                  value="keyboard shortcuts"
                  Icon={Keyboard}
                  label="Keyboard shortcuts"
                  keywords={['help', 'keys']}
                  onSelect={act(onShortcuts)}
                >
                  <Kbd keys="?" />
                </PaletteItem>
                <PaletteItem
                  value="theme light"
                  Icon={Sun}
                  label="Light theme"
                  onSelect={act(() => setTheme('light'))}
                />
                <PaletteItem
                  value="theme dark"
                  Icon={Moon}
                  label="Dark theme"
                  onSelect={act(() => setTheme('dark'))}
                />
              </PaletteGroup>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
