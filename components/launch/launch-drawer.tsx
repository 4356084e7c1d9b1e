'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, Rocket } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useRef, useState, type KeyboardEvent } from 'react';
import { plural } from '../lib/format';
import { accessQueries } from '../lib/queries';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Kbd } from '../ui/kbd';
import { Sheet } from '../ui/sheet';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { queueQueries } from '../queues/queries';
import { cliCommand } from './cli-command';
import { MoreFields, Section, WhatFields } from './launch-fields';
import { withoutLaunch } from './launch-link';
import { PreviewPane } from './preview-pane';
import { useLaunch } from './use-launch';
import { usePreview } from './use-preview';
import { ValueFields } from './value-fields';
import { WhereFields } from './where-fields';

export interface LaunchDrawerProps {
  initialEntity: string;
  initialQueue: string;
  from: string | undefined;
}

/** Launches a run: the form on the left, what exactly would be submitted on the right. */
export function LaunchDrawer({ initialEntity, initialQueue, from }: LaunchDrawerProps) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const fields = useRef<HTMLFormElement>(null);
  const [chosenEntity, setChosenEntity] = useState(initialEntity);
  const [queueName, setQueueName] = useState(initialQueue);
  const viewer = useQuery(accessQueries.viewer());
  const entities = (viewer.data?.entities ?? []).filter((each) => each.role !== 'viewer');
  const entity = chosenEntity === '' ? (entities[0]?.name ?? '') : chosenEntity;
  const queues = useQuery({ ...queueQueries.list(entity), enabled: entity !== '' });
  const state = useLaunch(entity, queueName, from);
  const {
    preview,
    error: previewError,
    settling,
  } = usePreview(entity, state.queue?.name, state.queue?.version, state.launch);

  const close = () => router.replace(withoutLaunch(pathname, new URLSearchParams(search)), { scroll: false });
  const errorOf = (path: string) =>
    state.errors.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message;
  const jump = () =>
    requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const submit = async () => {
    const run = await state.submit();
    if (run === undefined) {
      jump();
      return;
    }
    toast.success(`Launched ${run.name}`, {
      description: run.waiting?.message,
      action: { label: 'Open', onClick: () => router.push(`/runs/${run.id}`) },
    });
    router.push(`/runs/${run.id}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void submit();
  };
  const mayLaunch =
    viewer.data === undefined || viewer.data.user.isAdmin || entities.some((each) => each.name === entity);
  const unplaced = state.problem !== null && state.errors.length === 0;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && close()}
      title="Launch a run"
      description={from === undefined ? undefined : `With the inputs of run ${from}`}
      size="xl"
      flush
      actions={
        state.launch !== undefined && (
          <CopyButton
            text={() => cliCommand(entity, queueName, state.launch ?? {})}
            label="Copy as CLI"
            showLabel
            size="sm"
          />
        )
      }
      footer={
        <>
          {state.errors.length > 0 && (
            <button
              type="button"
              onClick={jump}
              className="mr-auto inline-flex items-center gap-1.5 rounded text-sm text-danger hover:underline"
            >
              <CircleAlert className="size-4" aria-hidden /> {plural(state.errors.length, 'error')}: go to the
              first
            </button>
          )}
          <Button onClick={close}>Cancel</Button>
          <Button
            variant="primary"
            loading={state.sending}
            disabled={queueName === '' || !mayLaunch}
            onClick={() => void submit()}
          >
            <Rocket aria-hidden /> Launch <Kbd keys="mod+enter" inverted className="max-sm:hidden" />
          </Button>
        </>
      }
    >
      <div
        className="grid min-h-0 flex-1 overflow-y-auto lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:overflow-hidden"
        onKeyDown={onKeyDown}
      >
        <form
          ref={fields}
          aria-label="Launch"
          className="flex flex-col gap-5 px-5 py-4 lg:overflow-y-auto"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {!mayLaunch && (
            <ErrorCard
              compact
              problem={
                new Error(`You may look at ${entity} but not launch there: that takes the role member.`)
              }
            />
          )}
          {state.source.error !== null && (
            <ErrorCard compact problem={state.source.error} onRetry={() => void state.source.refetch()} />
          )}
          {unplaced && <ErrorCard compact problem={state.problem} />}
          <WhatFields
            entity={entity}
            queue={state.queue}
            form={state.form}
            set={state.set}
            errorOf={errorOf}
          />
          <WhereFields
            entities={entities}
            entity={entity}
            onEntity={(next) => {
              setChosenEntity(next);
              setQueueName('');
            }}
            queues={queues.data ?? []}
            queueName={queueName}
            onQueue={setQueueName}
            queue={state.queue}
            error={queueName === '' ? undefined : errorOf('queue')}
          />
          {state.queue !== undefined ? (
            <>
              {Object.keys(state.queue.templates).length > 0 && (
                <Section title="Values">
                  <ValueFields
                    templates={state.queue.templates}
                    values={state.form.values}
                    onChange={(values) => state.set('values', values)}
                    errorOf={errorOf}
                  />
                </Section>
              )}
              <MoreFields queue={state.queue} form={state.form} set={state.set} errorOf={errorOf} />
            </>
          ) : queueName === '' ? (
            <EmptyState title="Choose a queue" className="py-6">
              What else can be chosen depends on it.
            </EmptyState>
          ) : (
            <Skeleton className="h-40 w-full" />
          )}
          <button type="submit" hidden />
        </form>
        <div className="border-line bg-canvas px-5 py-4 max-lg:border-t lg:overflow-y-auto lg:border-l">
          <PreviewPane preview={preview} error={previewError} settling={settling} />
        </div>
      </div>
    </Sheet>
  );
}
