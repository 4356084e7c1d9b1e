'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Info, Lock } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import { RESOURCE_EXAMPLES, RESOURCE_INFO } from '@/core/queue-config';
import { nameSchema, type CreateQueueInput, type Queue, type ResourceId } from '@/core/wire';
import { api, path, toProblem } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { Button } from '../ui/button';
import { Card, SectionCard } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input, NumberInput, Textarea } from '../ui/input';
import { PageHeader } from '../ui/page-header';
import { Select } from '../ui/select';
import { Skeleton } from '../ui/skeleton';
import { Switch } from '../ui/switch';
import { toast } from '../ui/toast';
import { ConfigWorkbench } from './config-workbench';
import { forgetDraft, storeDraft, useStartingPoint, type NewQueueDraft } from './new-queue-draft';
import { ResourceCards } from './resource-cards';
import { sortSaveErrors } from './save-errors';
import { TryIt } from './try-it';
import { useConfigDraft } from './use-config-draft';
import { useRole } from './use-role';

/** Makes a queue: a page of its own, with what was typed kept in the browser until it is saved. */
export function CreateQueuePage({ entity }: { entity: string }) {
  const { start, error } = useStartingPoint(entity);
  const [round, setRound] = useState(0);
  const viewer = useQuery(accessQueries.viewer());
  const { mayAdminister } = useRole(entity);
  if (error !== null) return <ErrorCard problem={error} />;
  if (start === undefined || viewer.data === undefined) return <Skeleton className="h-96 w-full" />;
  if (!mayAdminister) {
    return (
      <EmptyState page icon={<Lock aria-hidden />} title="Queues are made by admins">
        You are no admin of {entity}. Its admins are listed under Members.
      </EmptyState>
    );
  }
  return (
    <CreateQueueForm
      key={`${start.key}/${round}`}
      storage={start.key}
      initial={round === 0 ? { ...start.draft, entity } : start.fresh}
      restored={round === 0 && start.restored}
      onStartOver={() => {
        forgetDraft(start.key);
        setRound((before) => before + 1);
      }}
    />
  );
}

function CreateQueueForm({
  storage,
  initial,
  restored,
  onStartOver,
}: {
  /** Where what is typed is kept. */
  storage: string;
  initial: NewQueueDraft;
  restored: boolean;
  onStartOver: () => void;
}) {
  const router = useRouter();
  const client = useQueryClient();
  const root = useRef<HTMLDivElement>(null);
  const [fields, setFields] = useState(initial);
  const set = <K extends keyof NewQueueDraft>(field: K, value: NewQueueDraft[K]) =>
    setFields((before) => ({ ...before, [field]: value }));
  const draft = useConfigDraft(fields.resource, initial.config, initial.templates);
  const viewer = useQuery(accessQueries.viewer());
  const entities = (viewer.data?.entities ?? []).filter((each) => each.role === 'admin');

  const saved = useRef(false);
  const { format, source, templates } = draft;
  useEffect(() => {
    const timer = setTimeout(() => {
      // Also when the queue was made while this was waiting.
      if (!saved.current) storeDraft(storage, { ...fields, config: { format, source }, templates });
    }, 400);
    return () => clearTimeout(timer);
  }, [storage, fields, format, source, templates]);

  const create = useMutation({
    mutationFn: (input: CreateQueueInput) =>
      api.post<Queue>(`${path('entities', fields.entity)}/queues`, input),
    onSuccess: (queue) => {
      saved.current = true;
      forgetDraft(storage);
      client.setQueryData(['queue', queue.entity, queue.name], queue);
      void client.invalidateQueries({ queryKey: ['entity', queue.entity, 'queues'] });
      toast.success(`Queue ${queue.name} is there.`);
      router.push(`/${encodeURIComponent(queue.entity)}/queues/${encodeURIComponent(queue.name)}/agents`);
    },
    onError: () => focusFirstError(root.current),
  });
  const problem = useMemo(
    () => (create.error === null ? undefined : toProblem(create.error)),
    [create.error],
  );
  const refused = useMemo(() => sortSaveErrors(problem?.errors ?? []), [problem]);
  const taken =
    problem?.status === 409 ? (problem.detail ?? 'A queue of this name is there already.') : undefined;
  const [tried, setTried] = useState(false);
  const nameError = checkName(fields.name, tried) ?? taken ?? refused.fields.name;
  const limit = fields.maxInFlight.trim() === '' ? null : Number(fields.maxInFlight);
  const limitError =
    limit !== null && !(Number.isInteger(limit) && limit >= 1)
      ? 'must be a whole number from 1 on, or empty for no limit'
      : refused.fields.maxInFlight;

  const checking = useRef(false);
  const submit = async () => {
    if (checking.current || create.isPending) return;
    setTried(true);
    checking.current = true;
    const { config, templates: tiles, problems } = await draft.parse();
    checking.current = false;
    const errors = problems.filter((each) => each.severity === 'error').length + draft.tileErrors;
    if (!nameSchema.safeParse(fields.name).success || limitError !== undefined || errors > 0) {
      if (errors > 0)
        toast.error('The configuration has errors', { description: 'The list under the text says where.' });
      focusFirstError(root.current);
      return;
    }
    const { name, resource, prioritized, description } = fields;
    create.mutate({
      ...fields.kept,
      name,
      resource,
      prioritized,
      description,
      maxInFlight: limit,
      config,
      templates: tiles,
    });
  };
  const chooseResource = (resource: ResourceId) => {
    const examples = Object.values(RESOURCE_EXAMPLES).flatMap((example) => [example.yaml, example.json]);
    // Only a text that nobody has touched is changed for the example of the new resource.
    if (draft.source.trim() === '' || examples.includes(draft.source)) {
      draft.replace({ format: draft.format, source: RESOURCE_EXAMPLES[resource][draft.format] }, {});
    }
    set('resource', resource);
  };
  const info = RESOURCE_INFO[fields.resource];
  const example = RESOURCE_EXAMPLES[fields.resource][draft.format];
  const isExample = draft.source === example;
  return (
    <div ref={root} className="flex flex-col gap-4">
      <PageHeader
        title="Create queue"
        description="A queue says where and how its runs are carried out, and what those who launch may choose."
      />
      {restored && (
        <p className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-info-soft px-4 py-2 text-sm">
          <Info className="size-4 text-info" aria-hidden /> What you had typed before is back.
          <Button size="sm" variant="ghost" onClick={onStartOver}>
            Start over
          </Button>
        </p>
      )}
      <Card className="flex flex-col gap-5 p-4">
        <div className="grid gap-4 md:grid-cols-2">
          <Field label="Entity" required error={refused.fields.entity}>
            <Select
              value={fields.entity}
              onValueChange={(next) => set('entity', next)}
              options={(entities.length > 0 ? entities.map((each) => each.name) : [fields.entity]).map(
                (name) => ({ value: name, label: name }),
              )}
            />
          </Field>
          <Field
            label="Queue name"
            required
            error={nameError}
            hint="Letters, digits, “.”, “_” and “-”. It cannot be changed later."
          >
            <Input
              mono
              value={fields.name}
              maxLength={64}
              onChange={(event) => {
                set('name', event.target.value);
                if (create.error !== null) create.reset();
              }}
            />
          </Field>
        </div>
        <Field label="Resource" required group error={refused.fields.resource}>
          <ResourceCards value={fields.resource} onChange={chooseResource} />
        </Field>
        {!info.servable && (
          <p className="flex items-start gap-2 text-sm text-warn">
            <Info className="mt-0.5 size-4 shrink-0" aria-hidden /> No agent of this release runs {info.label}{' '}
            queues yet. The queue can be made, checked and previewed; its runs wait.
          </p>
        )}
        <div className="flex items-start gap-3">
          <Switch
            id="prioritized"
            checked={fields.prioritized}
            onCheckedChange={(on) => set('prioritized', on)}
            aria-describedby="prioritized-hint"
          />
          <div>
            <label htmlFor="prioritized" className="text-sm font-medium">
              Allow prioritization
            </label>
            <p id="prioritized-hint" className="text-xs text-muted">
              Launches may say critical, high, medium or low; a higher priority always goes first.
            </p>
          </div>
        </div>
      </Card>
      <section aria-label="Configuration" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-end justify-between gap-2">
          <div>
            <h2 className="text-sm font-semibold">Configuration</h2>
            <p className="text-sm text-muted">{info.blurb}</p>
          </div>
          {!isExample && (
            <Button
              size="sm"
              variant="ghost"
              onClick={() => draft.replace({ format: draft.format, source: example }, {})}
            >
              Load the {info.label} example
            </Button>
          )}
        </div>
        <ConfigWorkbench draft={draft} serverProblems={refused.problems} onSave={() => void submit()} />
      </section>
      <SectionCard title="More">
        <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_16rem]">
          <Field label="Description" optional error={refused.fields.description}>
            <Textarea
              value={fields.description}
              onChange={(event) => set('description', event.target.value)}
              maxLength={10_000}
            />
          </Field>
          <Field label="Limit of runs in flight" optional error={limitError} hint="Empty: no limit.">
            <NumberInput
              value={fields.maxInFlight}
              onValueChange={(text) => set('maxInFlight', text)}
              min={1}
            />
          </Field>
        </div>
      </SectionCard>
      <TryIt entity={fields.entity} queue={fields.name} prioritized={fields.prioritized} draft={draft} />
      {problem !== undefined && taken === undefined && <ErrorCard problem={problem} />}
      <div className="sticky bottom-0 z-20 -mx-4 -mb-6 flex items-center justify-end gap-2 border-t border-line bg-canvas/95 px-4 py-3">
        <Button onClick={() => router.back()}>Cancel</Button>
        <Button variant="primary" loading={create.isPending} onClick={() => void submit()}>
          Create queue
        </Button>
      </div>
    </div>
  );
}

function checkName(name: string, tried: boolean): string | undefined {
  if (name === '') return tried ? 'A name is needed.' : undefined;
  const parsed = nameSchema.safeParse(name);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

/** The page is rendered again with its errors first. */
function focusFirstError(root: HTMLElement | null): void {
  requestAnimationFrame(() => root?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
