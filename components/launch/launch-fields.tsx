'use client';
import type { ReactNode } from 'react';
import { PRIORITIES, type JsonObject, type Priority, type Queue } from '@/core/wire';
import { Field } from '../ui/field';
import { Input, Textarea } from '../ui/input';
import { RadioCards } from '../ui/radio-cards';
import { Select } from '../ui/select';
import { JobField } from './job-field';
import { launchKinds, type LaunchForm } from './launch-form';
import { SchemaForm } from './schema-form';
import { Section } from './section';

export interface LaunchFieldsProps {
  form: LaunchForm;
  set: <K extends keyof LaunchForm>(field: K, value: LaunchForm[K]) => void;
  errorOf: (path: string) => string | undefined;
}

const KINDS: Record<LaunchForm['what'], { title: string; description: string }> = {
  image: { title: 'Image', description: 'A finished container image' },
  job: { title: 'Job', description: 'A version of a job' },
  command: { title: 'Command', description: 'A program on the agent’s host' },
};

/** What is launched: image, job or command, with entrypoint and arguments. */
export function WhatFields({
  entity,
  queue,
  form,
  set,
  errorOf,
  aside,
}: LaunchFieldsProps & { entity: string; queue: Queue | undefined; aside: ReactNode }) {
  const kinds = launchKinds(queue);
  const what = kinds.includes(form.what) ? form.what : (kinds[0] ?? 'image');
  return (
    <Section title="What" aside={aside}>
      <RadioCards
        label="What is launched"
        value={what}
        onValueChange={(next) => set('what', next)}
        options={kinds.map((value) => ({ value, ...KINDS[value] }))}
        className="grid-cols-2 lg:grid-cols-2"
      />
      {what === 'image' && (
        <Field label="Image" required error={errorOf('image')}>
          <Input
            mono
            autoFocus
            value={form.image}
            onChange={(event) => set('image', event.target.value)}
            placeholder="python:3.12-slim"
          />
        </Field>
      )}
      {what === 'job' && (
        <JobField
          entity={entity}
          value={form.job}
          onChange={(job) => set('job', job)}
          error={errorOf('job')}
        />
      )}
      <Field
        label={what === 'command' ? 'Command' : 'Entrypoint'}
        required={what === 'command'}
        optional={what !== 'command'}
        error={errorOf('entrypoint')}
        hint={
          what === 'command'
            ? 'Split into words as a shell does it, without a shell.'
            : 'Instead of the one of the image or job.'
        }
      >
        <Input
          mono
          value={form.entrypoint}
          onChange={(event) => set('entrypoint', event.target.value)}
          placeholder="python train.py"
        />
      </Field>
      <Field
        label="Arguments"
        optional
        error={errorOf('args')}
        hint="Words after the entrypoint; quotes keep a word together."
      >
        <Input
          mono
          value={form.args}
          onChange={(event) => set('args', event.target.value)}
          placeholder="--epochs 10"
        />
      </Field>
    </Section>
  );
}

/** How the run is called and ordered; environment, config and other things that few launches need. */
export function MoreFields({
  queue,
  form,
  set,
  errorOf,
  inputSchema,
}: LaunchFieldsProps & {
  queue: Queue;
  /** Of the job that is launched, where it has one. */
  inputSchema: JsonObject | undefined;
}) {
  return (
    <>
      {inputSchema !== undefined && (
        <Section title="Inputs">
          <SchemaForm
            schema={inputSchema}
            value={form.config}
            onChange={(config) => set('config', config)}
            error={errorOf('config')}
            errorOf={(path) => errorOf(`config.${path}`)}
          />
        </Section>
      )}
      <Section title="Run">
        <div className="grid gap-4 sm:grid-cols-2">
          {queue.prioritized && (
            <Field label="Priority" error={errorOf('priority')} hint="A higher priority always goes first.">
              <Select<Priority>
                value={form.priority}
                onValueChange={(priority) => set('priority', priority)}
                options={PRIORITIES.map((value) => ({
                  value,
                  label: `${value[0]?.toUpperCase()}${value.slice(1)}`,
                }))}
              />
            </Field>
          )}
          <Field
            label="Run name"
            optional
            error={errorOf('name')}
            hint="Two words and a number if left empty."
          >
            <Input value={form.name} onChange={(event) => set('name', event.target.value)} maxLength={128} />
          </Field>
          <Field label="Project" optional error={errorOf('project')}>
            <Input
              value={form.project}
              onChange={(event) => set('project', event.target.value)}
              maxLength={64}
            />
          </Field>
          <Field label="Labels" optional error={errorOf('labels')} hint="Separated by commas.">
            <Input value={form.labels} onChange={(event) => set('labels', event.target.value)} />
          </Field>
          <Field label="Not before" optional error={errorOf('notBefore')}>
            <Input
              type="datetime-local"
              value={form.notBefore}
              onChange={(event) => set('notBefore', event.target.value)}
            />
          </Field>
        </div>
      </Section>
      <Section title={inputSchema === undefined ? 'Environment and config' : 'Environment'}>
        <Field label="Environment variables" optional error={errorOf('env')} hint="NAME=value, one a line.">
          <Textarea
            mono
            value={form.env}
            onChange={(event) => set('env', event.target.value)}
            placeholder="EPOCHS=10"
          />
        </Field>
        {inputSchema === undefined && (
          <Field
            label="Config"
            optional
            error={errorOf('config')}
            hint="A JSON object, handed to the program as SLIPWAY_CONFIG."
          >
            <Textarea
              mono
              value={form.config}
              onChange={(event) => set('config', event.target.value)}
              placeholder='{"learning_rate": 0.001}'
            />
          </Field>
        )}
        {queue.overrideAllow.length > 0 && (
          <Field
            label="Resource overrides"
            optional
            error={errorOf('resourceArgs')}
            hint={
              <>
                A JSON object. This queue allows:{' '}
                <span className="font-mono">{queue.overrideAllow.join(', ')}</span>
              </>
            }
          >
            <Textarea
              mono
              value={form.resourceArgs}
              onChange={(event) => set('resourceArgs', event.target.value)}
            />
          </Field>
        )}
      </Section>
    </>
  );
}
