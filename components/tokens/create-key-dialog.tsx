'use client';
import { useState, type SubmitEvent } from 'react';
import type { ApiKey } from '@/core/wire';
import { api, toProblem, type ApiProblem } from '../lib/api';
import { sentence } from '../lib/form';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const nameError = problem?.errors.find(({ path }) => path === 'name')?.message;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      onCreated(await api.post<NewKey>('/api-keys', { name: name.trim(), expiresInDays: days }));
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      sticky={name !== ''}
      title="Create API key"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="create-key"
            loading={busy}
            disabled={name.trim() === ''}
          >
            Create key
          </Button>
        </>
      }
    >
      <form id="create-key" className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label="Name"
          required
          error={nameError === undefined ? undefined : sentence(nameError)}
          hint="What uses it, for example: laptop, nightly sweep."
        >
          <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} autoFocus />
        </Field>
        <Field label="Expires">
          <ExpirySelect value={days} onChange={setDays} />
        </Field>
        {problem !== undefined && nameError === undefined && <ErrorCard problem={problem} compact />}
      </form>
    </Dialog>
  );
}
