'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentToken } from '@/core/wire';
import { createAgentToken } from '../lib/changes';
import { queueQueries } from '../queues/queries';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
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
  return (
    <FormDialog
      title="Create agent token"
      submitLabel="Create token"
      ready={name.trim() !== ''}
      typed={name !== '' || chosen.length > 0}
      fields={['name', 'queues', 'expiresInDays']}
      onSubmit={async () =>
        onCreated(await createAgentToken(entity, { name: name.trim(), queues: chosen, expiresInDays: days }))
      }
      onClose={onClose}
    >
      {(errorOf) => (
        <>
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
        </>
      )}
    </FormDialog>
  );
}
