'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { AgentToken } from '@/core/wire';
import { toProblem, type ApiProblem } from '../lib/api';
import { createAgentToken } from '../lib/changes';
import { sentence } from '../lib/form';
import { queueQueries } from '../queues/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { ExpirySelect } from './expiry';
import { QueuePicker } from './queue-picker';

export type NewToken = AgentToken & { token: string };

/** Name, queues, lifetime. */
export function CreateTokenDialog({
  entity,
  onClose,
  onCreated,
}: {
  entity: string;
  onClose: () => void;
  onCreated: (token: NewToken) => void;
}) {
  const queues = useQuery(queueQueries.list(entity));
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [days, setDays] = useState<number | null>(90);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const errorOf = (path: string) => {
    const error = problem?.errors.find((each) => each.path === path || each.path.startsWith(`${path}.`));
    return error === undefined ? undefined : sentence(error.message);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      onCreated(await createAgentToken(entity, { name: name.trim(), queues: chosen, expiresInDays: days }));
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      sticky={name !== '' || chosen.length > 0}
      title="Create agent token"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="create-token"
            loading={busy}
            disabled={name.trim() === ''}
          >
            Create token
          </Button>
        </>
      }
    >
      <form id="create-token" className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label="Name"
          required
          error={errorOf('name')}
          hint="To know it by, for example the host or cluster."
        >
          <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} autoFocus />
        </Field>
        <QueuePicker
          label="Queues"
          hint="None chosen: good for every queue, also for later ones."
          error={errorOf('queues')}
          queues={queues.data?.map((queue) => queue.name)}
          value={chosen}
          onChange={setChosen}
        />
        <Field label="Expires" error={errorOf('expiresInDays')}>
          <ExpirySelect value={days} onChange={setDays} />
        </Field>
        {problem !== undefined && problem.errors.length === 0 && <ErrorCard problem={problem} compact />}
      </form>
    </Dialog>
  );
}
