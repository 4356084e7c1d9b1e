'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleAlert, Rocket } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Run } from '@/core/wire';
import { plural } from '../lib/format';
import { accessQueries } from '../lib/queries';
import { queuePage, queueQueries } from '../queues/queries';
import { runQueries } from '../runs/queries';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Kbd } from '../ui/kbd';
import { Notice } from '../ui/notice';
import { Select } from '../ui/select';
import { Sheet } from '../ui/sheet';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { batchOf, type Axis } from './batch';
import { BatchSection } from './batch-section';
import { cliCommand } from './cli-command';
import { curlCommand } from './curl-command';
import { useInputSchema } from './job-field';
import { MoreFields, WhatFields } from './launch-fields';
import { launchedFrom, withoutLaunch } from './launch-link';
import { PasteFromRun } from './paste-from-run';
import { useBaseline, type Baseline } from './preview-baseline';
import { PreviewPane } from './preview-pane';
import { Section } from './section';
import { useLaunch, type Prefill } from './use-launch';
import { usePreview } from './use-preview';
import { ValueFields } from './value-fields';
import { WhereFields } from './where-fields';

export interface LaunchDrawerProps {
  initialEntity: string;
  initialQueue: string;
  from: string | undefined;
  prefill: Prefill;
}

/** Launches a run or a batch: the form on the left, what exactly would be submitted on the right. */
export function LaunchDrawer({ initialEntity, initialQueue, from, prefill }: LaunchDrawerProps) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const fields = useRef<HTMLFormElement>(null);
  const batchSent = useRef(false);
  const [chosenEntity, setChosenEntity] = useState(initialEntity);
  const [queueName, setQueueName] = useState(initialQueue);
  const [axes, setAxes] = useState<Axis[]>([]);
  const viewer = useQuery(accessQueries.viewer());
  const entities = (viewer.data?.entities ?? []).filter((each) => each.role !== 'viewer');
  const entity = chosenEntity === '' ? (entities[0]?.name ?? '') : chosenEntity;
  const queues = useQuery({ ...queueQueries.list(entity), enabled: entity !== '' });
  const state = useLaunch(entity, queueName, from, prefill);
  const inputSchema = useInputSchema(entity, state.form.what === 'job' ? state.form.job : '');
  const batch = state.queue === undefined ? undefined : batchOf(state.form, state.queue, axes);
  const batching = axes.length > 0;
  const batchErrors = batch?.rows.filter(({ errors }) => errors.length > 0).length ?? 0;
  const batchReady = batch?.problem === undefined && (batch?.rows.length ?? 0) > 0 && batchErrors === 0;

  const close = () => router.replace(withoutLaunch(pathname, new URLSearchParams(search)), { scroll: false });
  const errorOf = (path: string) =>
    state.errors.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message;
  const jump = () =>
    requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const submitBatch = () => {
    // Not the state of the mutation: a second click comes before it is told.
    if (!batchReady || batchSent.current) return;
    batchSent.current = true;
    state.batch.mutate(
      (batch?.rows ?? []).map(({ launch }) => launch),
      {
        onSuccess: ({ runs }) => {
          toast.success(`Launched ${plural(runs.length, 'run')}`);
          router.push(queuePage(entity, queueName));
        },
        onError: () => {
          batchSent.current = false;
        },
      },
    );
  };
  const submit = async (again = false) => {
    if (batching) {
      submitBatch();
      return;
    }
    const run = await state.submit(again);
    if (run === undefined) {
      jump();
      return;
    }
    toast.success(`Launched ${run.name}`, {
      description: run.waiting?.message,
      action: { label: 'Open', onClick: () => router.push(`/runs/${run.id}`) },
    });
    if (!again) router.push(`/runs/${run.id}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void submit(event.shiftKey);
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
        state.launch !== undefined &&
        queueName !== '' && (
          <span className="flex items-center gap-1 max-sm:hidden">
            <CopyButton
              text={() => cliCommand(entity, queueName, state.launch ?? {})}
              label="Copy as CLI"
              showLabel
              size="sm"
            />
            <CopyButton
              text={() => curlCommand(window.location.origin, entity, queueName, state.launch ?? {})}
              label="Copy as curl"
              showLabel
              size="sm"
            />
          </span>
        )
      }
      footer={
        <>
          {state.errors.length > 0 && !batching && (
            <button
              type="button"
              onClick={jump}
              className="mr-auto inline-flex items-center gap-1.5 rounded text-sm text-danger hover:underline"
            >
              <CircleAlert className="size-4" aria-hidden /> {plural(state.errors.length, 'error')}: go to the
              first
            </button>
          )}
          <Button
            onClick={() => {
              state.discard();
              close();
            }}
          >
            Cancel
          </Button>
          {!batching && (
            <Button
              loading={state.sending}
              disabled={queueName === '' || !mayLaunch}
              onClick={() => void submit(true)}
              className="max-sm:hidden"
            >
              Launch and stay <Kbd keys="shift+mod+enter" />
            </Button>
          )}
          <Button
            variant="primary"
            loading={state.sending || state.batch.isPending}
            disabled={queueName === '' || !mayLaunch || (batching && !batchReady)}
            onClick={() => void submit()}
          >
            <Rocket aria-hidden />{' '}
            {batching && batchReady ? `Launch ${plural(batch?.rows.length ?? 0, 'run')}` : 'Launch'}{' '}
            <Kbd keys="mod+enter" inverted className="max-sm:hidden" />
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
          {state.restored && (
            <Notice
              actions={
                <Button size="sm" variant="ghost" onClick={state.startOver}>
                  Start over
                </Button>
              }
            >
              What you had typed is back.
            </Notice>
          )}
          {state.source.error !== null && (
            <ErrorCard compact problem={state.source.error} onRetry={() => void state.source.refetch()} />
          )}
          {unplaced && <ErrorCard compact problem={state.problem} />}
          {state.batch.error !== null && <ErrorCard compact problem={state.batch.error} />}
          <WhatFields
            entity={entity}
            queue={state.queue}
            form={state.form}
            set={state.set}
            errorOf={errorOf}
            aside={<PasteFromRun entity={entity} onRun={(id) => launchedFrom(id, entity, queueName)} />}
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
              <MoreFields
                queue={state.queue}
                form={state.form}
                set={state.set}
                errorOf={errorOf}
                inputSchema={inputSchema}
              />
              {batch !== undefined && (
                <BatchSection
                  form={state.form}
                  queue={state.queue}
                  axes={axes}
                  onAxes={setAxes}
                  batch={batch}
                />
              )}
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
          <Preview state={state} entity={entity} queueName={queueName} />
        </div>
      </div>
    </Sheet>
  );
}

/** The live preview, and what it differs in from the defaults of the queue or from a run. */
function Preview({
  state,
  entity,
  queueName,
}: {
  state: ReturnType<typeof useLaunch>;
  entity: string;
  queueName: string;
}) {
  const [baseline, setBaseline] = useState<Baseline>('none');
  const { preview, error, settling, retry } = usePreview(
    entity,
    state.queue?.name,
    state.queue?.version,
    state.launch,
  );
  const before = useRunBefore(entity, queueName, state.source.data, baseline === 'run');
  const { text, problem } = useBaseline(baseline, state.queue, state.launch, before);
  const label = baseline === 'defaults' ? 'the defaults of the queue' : `run ${before?.name ?? ''}`;
  const missing =
    baseline === 'run' && before === undefined
      ? 'No run of this queue is there to compare with yet.'
      : problem;
  return (
    <PreviewPane
      preview={preview}
      error={error}
      onRetry={retry}
      settling={settling}
      against={baseline === 'none' ? undefined : { text, problem: missing, label }}
      controls={
        <Select<Baseline>
          size="sm"
          className="w-56"
          aria-label="Compare the preview"
          value={baseline}
          onValueChange={setBaseline}
          options={[
            { value: 'none', label: 'Exact submission' },
            { value: 'defaults', label: 'Changes to queue defaults' },
            {
              value: 'run',
              label: state.source.data === undefined ? 'Changes to the last run' : 'Changes to that run',
            },
          ]}
        />
      }
    />
  );
}

/** The run that the form began with, else the last one of the queue. */
function useRunBefore(
  entity: string,
  queue: string,
  source: Run | undefined,
  wanted: boolean,
): Run | undefined {
  const latest = useInfiniteQuery({
    ...runQueries.list(entity, { queue, limit: 1 }),
    enabled: wanted && source === undefined && queue !== '',
  });
  const id = latest.data?.pages[0]?.items[0]?.id;
  const run = useQuery({ ...runQueries.one(id ?? ''), enabled: wanted && id !== undefined });
  return source ?? run.data;
}
