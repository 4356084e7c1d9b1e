'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { repositoryProblem } from '@/core/git-source';
import type { Job, JobVersion } from '@/core/wire';
import { api, path } from '../lib/api';
import { CodeBlock } from '../ui/code-block';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Input, Textarea } from '../ui/input';
import { RadioCards } from '../ui/radio-cards';
import { toast } from '../ui/toast';
import { CommitLine } from './commit-line';
import { EMPTY_JOB, codeCommand, formFromJob, readSchema, toVersion, type JobForm } from './job-form';
import { jobPath } from './queries';
import { KINDS } from './source';

const DESCRIPTIONS = {
  git: 'A repository, built by an agent',
  image: 'A finished container image',
  code: 'A directory of your machine',
};
/** Fields that show their own refusals. */
const FIELDS = [
  'name',
  'source.image',
  'source.repository',
  'ref',
  'source.ref',
  'source.directory',
  'source.dockerfile',
  'source.pythonVersion',
  'entrypoint',
  'inputSchema',
  'aliases',
];

/** Makes a job, or (with `job`) its next version, which begins with what the newest one is. */
export function JobDialog({ entity, job, onClose }: { entity: string; job?: Job; onClose: () => void }) {
  const client = useQueryClient();
  const router = useRouter();
  const [initial] = useState(() => (job === undefined ? EMPTY_JOB : formFromJob(job)));
  const [form, setForm] = useState(initial);
  const set = (change: Partial<JobForm>) => setForm((before) => ({ ...before, ...change }));
  const schema = readSchema(form.inputSchema);
  const name = form.name.trim();
  const named =
    form.kind === 'image' ? form.image.trim() !== '' : form.kind === 'git' && form.repository.trim() !== '';

  const submit = async () => {
    if ('error' in schema) return;
    const version = toVersion(form, schema.schema);
    if (job === undefined) {
      await api.post<Job>(`${path('entities', entity)}/jobs`, {
        name,
        description: form.description,
        ...version,
      });
    } else {
      const made = await api.post<JobVersion>(`${jobPath(entity, job.name)}/versions`, version);
      toast.success(
        made.version === job.latest.version
          ? `v${made.version} is the same already; nothing new was made.`
          : `v${made.version} is the latest version now.`,
      );
    }
    await client.invalidateQueries({ queryKey: ['entity', entity, 'jobs'] });
    if (job === undefined) router.push(`/${encodeURIComponent(entity)}/jobs/${encodeURIComponent(name)}`);
    else onClose();
  };

  return (
    <FormDialog
      title={job === undefined ? 'Create job' : `New version of ${job.name}`}
      size="lg"
      submitLabel={job === undefined ? 'Create job' : 'Add version'}
      ready={name !== '' && named && !('error' in schema)}
      typed={form !== initial}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {job === undefined && (
            <Field label="Name" required error={errorOf('name')} hint="Letters, digits, “.”, “_” and “-”.">
              <Input
                value={form.name}
                maxLength={64}
                onChange={(event) => set({ name: event.target.value })}
                autoFocus
              />
            </Field>
          )}
          <RadioCards
            label="What the job is made of"
            value={form.kind}
            onValueChange={(kind) => set({ kind })}
            options={(['git', 'image', 'code'] as const).map((value) => ({
              value,
              title: KINDS[value].label,
              description: DESCRIPTIONS[value],
            }))}
          />
          {form.kind === 'code' ? (
            <CodeHelp entity={entity} name={form.name} />
          ) : (
            <>
              {form.kind === 'image' ? (
                <Field label="Image" required error={errorOf('source.image')}>
                  <Input
                    mono
                    value={form.image}
                    onChange={(event) => set({ image: event.target.value })}
                    placeholder="registry.example.com/train:1.4"
                  />
                </Field>
              ) : (
                <GitFields entity={entity} form={form} set={set} errorOf={errorOf} />
              )}
              <Field
                label="Entrypoint"
                optional
                error={errorOf('entrypoint')}
                hint="The command that runs; on a local-process queue it is needed."
              >
                <Input
                  mono
                  value={form.entrypoint}
                  onChange={(event) => set({ entrypoint: event.target.value })}
                  placeholder="python train.py"
                />
              </Field>
              <Field
                label="Input schema"
                optional
                error={'error' in schema ? schema.error : errorOf('inputSchema')}
                hint="JSON Schema of the run config: launches are checked against it, and their form has its fields."
              >
                <Textarea
                  mono
                  value={form.inputSchema}
                  onChange={(event) => set({ inputSchema: event.target.value })}
                  placeholder='{"type": "object", "properties": {"lr": {"type": "number"}}}'
                />
              </Field>
              <Field
                label="Aliases"
                optional
                error={errorOf('aliases')}
                hint="Separated by commas; they move here from older versions."
              >
                <Input
                  value={form.aliases}
                  onChange={(event) => set({ aliases: event.target.value })}
                  placeholder="prod"
                />
              </Field>
            </>
          )}
        </>
      )}
    </FormDialog>
  );
}

function CodeHelp({ entity, name }: { entity: string; name: string }) {
  return (
    <div className="flex flex-col gap-2 text-sm text-muted">
      <p>
        The command line packs and uploads a directory, without what{' '}
        <code className="font-mono text-ink">.gitignore</code> and{' '}
        <code className="font-mono text-ink">.dockerignore</code> leave out. Run this where the code is:
      </p>
      <CodeBlock code={codeCommand(entity, name)} label="Copy the command" wrap />
    </div>
  );
}

function GitFields({
  entity,
  form,
  set,
  errorOf,
}: {
  entity: string;
  form: JobForm;
  set: (change: Partial<JobForm>) => void;
  errorOf: (field: string) => string | undefined;
}) {
  const repository = form.repository.trim();
  const problem = repository === '' ? null : repositoryProblem(repository);
  // While "https" is being typed every beginning of it would be wrong.
  const wrong = problem !== null && /[@:/]./.test(repository) ? `It ${problem}.` : undefined;
  return (
    <>
      <Field
        label="Repository"
        required
        error={errorOf('source.repository') ?? wrong}
        hint="https://, ssh:// or file://. Credentials are those of the agent."
      >
        <Input
          mono
          value={form.repository}
          onChange={(event) => set({ repository: event.target.value })}
          placeholder="https://github.com/team/project.git"
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Branch, tag or commit" optional error={errorOf('source.ref') ?? errorOf('ref')}>
          <Input
            mono
            value={form.ref}
            onChange={(event) => set({ ref: event.target.value })}
            placeholder="main"
          />
        </Field>
        <Field label="Directory" optional error={errorOf('source.directory')}>
          <Input
            mono
            value={form.directory}
            onChange={(event) => set({ directory: event.target.value })}
            placeholder="the whole repository"
          />
        </Field>
      </div>
      <CommitLine entity={entity} repository={repository} name={form.ref.trim()} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Dockerfile" optional error={errorOf('source.dockerfile')}>
          <Input
            mono
            value={form.dockerfile}
            onChange={(event) => set({ dockerfile: event.target.value })}
            placeholder="found or generated"
          />
        </Field>
        <Field label="Python version" optional error={errorOf('source.pythonVersion')}>
          <Input
            mono
            value={form.pythonVersion}
            onChange={(event) => set({ pythonVersion: event.target.value })}
            placeholder="3.12"
          />
        </Field>
      </div>
    </>
  );
}
