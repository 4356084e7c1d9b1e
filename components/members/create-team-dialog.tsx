'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input } from '../ui/input';

/** Makes a team and goes to it; for instance administrators. */
export function CreateTeamDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState('');
  return (
    <FormDialog
      size="sm"
      title="Create a team"
      description="A team owns queues, runs and agents together. You become its admin."
      submitLabel="Create team"
      ready={name.trim() !== ''}
      typed={name !== ''}
      fields={['name']}
      onSubmit={async () => {
        await api.post('/entities', { name: name.trim() });
        await client.invalidateQueries({ queryKey: accessQueries.viewer().queryKey });
        onClose();
        router.push(`/${encodeURIComponent(name.trim())}/members`);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label="Name"
          required
          error={errorOf('name')}
          hint="1 to 64 letters, digits, “.”, “_” or “-”. It stands in addresses and commands."
        >
          <Input
            mono
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoFocus
          />
        </Field>
      )}
    </FormDialog>
  );
}
