'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState, type SubmitEvent } from 'react';
import { api, toProblem, type ApiProblem } from '../lib/api';
import { sentence } from '../lib/form';
import { accessQueries } from '../lib/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';

/** Makes a team and goes to it; for instance administrators. */
export function CreateTeamDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const client = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const nameError =
    problem?.errors.find(({ path }) => path === 'name')?.message ??
    (problem?.status === 409 ? problem.detail : undefined);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await api.post('/entities', { name: name.trim() });
      await client.invalidateQueries({ queryKey: accessQueries.viewer().queryKey });
      onOpenChange(false);
      router.push(`/${encodeURIComponent(name.trim())}/members`);
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="sm"
      sticky={name !== ''}
      title="Create a team"
      description="A team owns queues, runs and agents together. You become its admin."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="create-team"
            loading={busy}
            disabled={name.trim() === ''}
          >
            Create team
          </Button>
        </>
      }
    >
      <form id="create-team" className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label="Name"
          required
          error={nameError === undefined ? undefined : sentence(nameError)}
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
        {problem !== undefined && nameError === undefined && <ErrorCard problem={problem} compact />}
      </form>
    </Dialog>
  );
}
