'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { FieldError, LaunchInput, Run } from '@/core/wire';
import { api, toProblem } from '../lib/api';
import { queuePath, queueQueries } from '../queues/queries';
import { runQueries } from '../runs/queries';
import { EMPTY_LAUNCH, formFromRun, toLaunch, type LaunchForm } from './launch-form';

/** Random, and to be had in pages without https too, where `crypto.randomUUID` is missing. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** The form of the drawer and what becomes of it. The idempotency key is made at opening: however often it is sent, one run comes of it. */
export function useLaunch(entity: string, queueName: string, from: string | undefined) {
  const client = useQueryClient();
  const key = useRef('');
  const [edited, setEdited] = useState<Partial<LaunchForm>>({});
  const [tried, setTried] = useState(false);
  const source = useQuery({ ...runQueries.one(from ?? ''), enabled: from !== undefined });
  const queue = useQuery({
    ...queueQueries.one(entity, queueName),
    enabled: entity !== '' && queueName !== '',
  });
  const form: LaunchForm = {
    ...EMPTY_LAUNCH,
    ...(source.data === undefined ? {} : formFromRun(source.data)),
    ...edited,
  };
  const result = queue.data === undefined ? undefined : toLaunch(form, queue.data);

  const send = useMutation({
    mutationFn: (launch: LaunchInput) => {
      key.current ||= newKey();
      return api.post<Run>(`${queuePath(entity, queueName)}/runs`, launch, {
        headers: { 'idempotency-key': key.current },
      });
    },
    onSuccess: (run) => {
      client.setQueryData(['run', run.id], run);
      return Promise.all([
        client.invalidateQueries({ queryKey: ['queue', entity, queueName] }),
        client.invalidateQueries({ queryKey: ['entity', entity] }),
      ]);
    },
    onError: (error) => {
      // A refused launch made no run: what is sent next is another one. After a broken connection it may have, so the key stays.
      const { status } = toProblem(error);
      if (status >= 400 && status < 500) key.current = '';
    },
  });

  const refused = send.error === null ? [] : toProblem(send.error).errors;
  const own = (result?.errors ?? []).filter((error) => tried || touched(error, edited, form));
  return {
    form,
    set: <K extends keyof LaunchForm>(field: K, value: LaunchForm[K]) => {
      setEdited((before) => ({ ...before, [field]: value }));
      if (send.error !== null) send.reset();
    },
    queue: queue.data,
    source,
    launch: result?.launch,
    ready: result !== undefined && result.errors.length === 0,
    errors: [...own, ...refused.filter((error) => !own.some((mine) => mine.path === error.path))],
    problem: send.error,
    sending: send.isPending,
    /** Shows all errors; sends when there are none. */
    submit: async (): Promise<Run | undefined> => {
      setTried(true);
      if (result === undefined || result.errors.length > 0 || send.isPending || send.isSuccess)
        return undefined;
      return send.mutateAsync(result.launch).catch(() => undefined);
    },
  };
}

/** Whether the person has been at the field: what is merely still empty is said when they try to launch. */
function touched(error: FieldError, edited: Partial<LaunchForm>, form: LaunchForm): boolean {
  const [field, name] = error.path.split('.') as [string, string | undefined];
  if (field === 'templateValues') return name !== undefined && (form.values[name] ?? '') !== '';
  const typed = edited[field as keyof LaunchForm];
  return typeof typed === 'string' && typed !== '';
}
