'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import type { FieldError, LaunchInput, Run, batchAnswerSchema } from '@/core/wire';
import { api, toProblem } from '../lib/api';
import { setSearchParams } from '../lib/search-param';
import { forget, recall, remember } from '../lib/stored';
import { queuePath, queueQueries } from '../queues/queries';
import { runQueries } from '../runs/queries';
import { EMPTY_LAUNCH, formFromRun, toLaunch, type LaunchForm } from './launch-form';

/** Random, and to be had in pages without https too, where `crypto.randomUUID` is missing. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** What the address fills in. */
export interface Prefill {
  image?: string | undefined;
  job?: string | undefined;
  entrypoint?: string | undefined;
  values: Readonly<Record<string, string>>;
}

const editedSchema = z
  .object({
    what: z.enum(['image', 'job', 'command']),
    priority: z.enum(['critical', 'high', 'medium', 'low']),
    values: z.record(z.string(), z.string()),
    image: z.string(),
    job: z.string(),
    entrypoint: z.string(),
    args: z.string(),
    name: z.string(),
    project: z.string(),
    env: z.string(),
    config: z.string(),
    labels: z.string(),
    notBefore: z.string(),
    resourceArgs: z.string(),
  })
  .partial();
type Edited = Partial<LaunchForm>;
/** Values of the address are short; what is longer stays in the form. */
const MAX_ADDRESS_VALUE = 200;

/** The form of the drawer and what becomes of it. The idempotency key is made at opening: however often it is sent, one run, or one batch, comes of it. */
export function useLaunch(entity: string, queueName: string, from: string | undefined, prefill: Prefill) {
  const client = useQueryClient();
  const key = useRef('');
  const draft = ['launch', entity, from, prefill.image, prefill.job, prefill.entrypoint].join(':');
  // The drawer is never rendered by the server, so the storage of the tab is there at once.
  const [kept] = useState(() => recall(draft, editedSchema, 'tab')?.value);
  const [edited, setEdited] = useState<Edited>(kept ?? {});
  const [tried, setTried] = useState(false);
  /** The person has said that they do not want what was typed: an answer that comes after that brings nothing back. */
  const discarded = useRef(false);
  useEffect(() => {
    if (!discarded.current && Object.keys(edited).length > 0) remember(draft, edited, 'tab');
  }, [draft, edited]);
  const source = useQuery({ ...runQueries.one(from ?? ''), enabled: from !== undefined });
  const queue = useQuery({
    ...queueQueries.one(entity, queueName),
    enabled: entity !== '' && queueName !== '',
  });
  const begun = source.data === undefined ? EMPTY_LAUNCH : formFromRun(source.data);
  const form: LaunchForm = {
    ...begun,
    ...(prefill.job === undefined ? {} : { what: 'job' as const, job: prefill.job }),
    image: prefill.image ?? begun.image,
    entrypoint: prefill.entrypoint ?? begun.entrypoint,
    ...edited,
    values: { ...begun.values, ...prefill.values, ...edited.values },
  };
  const result = queue.data === undefined ? undefined : toLaunch(form, queue.data);
  const renew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['queue', entity, queueName] }),
      client.invalidateQueries({ queryKey: ['entity', entity] }),
    ]);

  /** Sends with the key. Of two requests with one key the server carries out one. */
  const post = <T>(path: string, body: unknown): Promise<T> => {
    key.current ||= newKey();
    return api.post<T>(`${queuePath(entity, queueName)}/${path}`, body, {
      headers: { 'idempotency-key': key.current },
    });
  };
  /** A refused launch made no run: what is sent next is another one. After a broken connection it may have, so the key stays. */
  const onError = (error: Error) => {
    const { status } = toProblem(error);
    if (status >= 400 && status < 500) key.current = '';
  };
  const send = useMutation({
    mutationFn: (launch: LaunchInput) => post<Run>('runs', launch),
    onError,
    onSuccess: (run) => {
      forget(draft, 'tab');
      client.setQueryData(['run', run.id], run);
      return renew();
    },
  });
  const sendBatch = useMutation({
    mutationFn: (runs: readonly LaunchInput[]) =>
      post<z.infer<typeof batchAnswerSchema>>('runs/batch', { runs }),
    onError,
    onSuccess: () => {
      forget(draft, 'tab');
      return renew();
    },
  });

  const refused = send.error === null ? [] : toProblem(send.error).errors;
  const own = (result?.errors ?? []).filter((error) => tried || touched(error, edited, form));
  return {
    form,
    set: <K extends keyof LaunchForm>(field: K, value: LaunchForm[K]) => {
      setEdited((before) => ({ ...before, [field]: value }));
      if (field === 'values') showValues(value as LaunchForm['values'], form.values);
      if (send.error !== null) send.reset();
    },
    /** What was typed before the drawer was closed is back. */
    restored: kept !== undefined,
    startOver: () => {
      forget(draft, 'tab');
      setEdited({});
      setTried(false);
      send.reset();
    },
    /** Forgets what was typed: the person has said that they do not want it. */
    discard: () => {
      discarded.current = true;
      forget(draft, 'tab');
    },
    queue: queue.data,
    source,
    launch: result?.launch,
    errors: [...own, ...refused.filter((error) => !own.some((mine) => mine.path === error.path))],
    problem: send.error,
    sending: send.isPending,
    batch: sendBatch,
    /** Shows all errors; sends when there are none. With `again` the form stays for a next run, which gets a name and a key of its own. */
    submit: async (again = false): Promise<Run | undefined> => {
      setTried(true);
      if (result === undefined || result.errors.length > 0 || send.isPending || send.isSuccess)
        return undefined;
      const run = await send.mutateAsync(result.launch).catch(() => undefined);
      if (run !== undefined && again) {
        key.current = '';
        send.reset();
        setTried(false);
        setEdited((before) => ({ ...before, name: '' }));
      }
      return run;
    },
  };
}

/** Values that were changed stand in the address too, so that a link can say them: `v.gpus=2`. */
function showValues(values: LaunchForm['values'], before: LaunchForm['values']): void {
  const changed = Object.entries(values).filter(([name, value]) => before[name] !== value);
  setSearchParams(
    Object.fromEntries(
      changed.map(([name, value]) => [`v.${name}`, value.length > MAX_ADDRESS_VALUE ? '' : value]),
    ),
  );
}

/** Whether the person has been at the field: what is merely still empty is said when they try to launch. */
function touched(error: FieldError, edited: Partial<LaunchForm>, form: LaunchForm): boolean {
  const [field, name] = error.path.split('.') as [string, string | undefined];
  if (field === 'templateValues') return name !== undefined && (form.values[name] ?? '') !== '';
  const typed = edited[field as keyof LaunchForm];
  return typeof typed === 'string' && typed !== '';
}
