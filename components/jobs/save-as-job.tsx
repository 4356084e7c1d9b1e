'use client';
import { useQueryClient } from '@tanstack/react-query';
import { BookmarkPlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Job, Run } from '@/core/wire';
import { api, path } from '../lib/api';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input } from '../ui/input';
import { toast } from '../ui/toast';
import { sourceLine } from './source';

/** Makes a job of what a run ran, to launch it again by name. Not there for a run of a job, nor for a plain command. */
export function SaveAsJob({ run }: { run: Run }) {
  const [open, setOpen] = useState(false);
  if (run.source === null || run.job !== null) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <BookmarkPlus aria-hidden /> Save as job
      </Button>
      {open && <SaveDialog run={run} source={run.source} onClose={() => setOpen(false)} />}
    </>
  );
}

function SaveDialog({
  run,
  source,
  onClose,
}: {
  run: Run;
  source: NonNullable<Run['source']>;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState('');
  return (
    <FormDialog
      title="Save as job"
      description={sourceLine(source)}
      submitLabel="Save job"
      ready={name.trim() !== ''}
      typed={name !== ''}
      fields={['name']}
      onSubmit={async () => {
        const job = await api.post<Job>(`${path('entities', run.entity)}/jobs`, {
          name: name.trim(),
          source,
          ...(run.entrypoint === null ? {} : { entrypoint: run.entrypoint }),
        });
        await client.invalidateQueries({ queryKey: ['entity', run.entity, 'jobs'] });
        toast.success(`${job.name}:v0 is there now.`);
        router.push(`/${encodeURIComponent(run.entity)}/jobs/${encodeURIComponent(job.name)}`);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label="Name"
          required
          error={errorOf('name')}
          hint="Source and entrypoint of the run are kept; arguments and config are given with each launch."
        >
          <Input value={name} maxLength={64} onChange={(event) => setName(event.target.value)} autoFocus />
        </Field>
      )}
    </FormDialog>
  );
}
