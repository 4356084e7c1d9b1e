'use client';
import { useState } from 'react';
import type { ApiKey } from '@/core/wire';
import { api } from '../lib/api';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input } from '../ui/input';
import { ExpirySelect } from './expiry';

export type NewKey = ApiKey & { key: string };

/** Name and lifetime of a key. */
export function CreateKeyDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (key: NewKey) => void;
}) {
  const [name, setName] = useState('');
  const [days, setDays] = useState<number | null>(90);
  return (
    <FormDialog
      title="Create API key"
      submitLabel="Create key"
      ready={name.trim() !== ''}
      typed={name !== ''}
      fields={['name', 'expiresInDays']}
      onSubmit={async () =>
        onCreated(await api.post<NewKey>('/api-keys', { name: name.trim(), expiresInDays: days }))
      }
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label="Name"
            required
            error={errorOf('name')}
            hint="What uses it, for example: laptop, nightly sweep."
          >
            <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} autoFocus />
          </Field>
          <Field label="Expires" error={errorOf('expiresInDays')}>
            <ExpirySelect value={days} onChange={setDays} />
          </Field>
        </>
      )}
    </FormDialog>
  );
}
