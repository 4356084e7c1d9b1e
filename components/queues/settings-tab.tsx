'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FAILURE_CATEGORIES, type FailureCategory, type Queue } from '@/core/wire';
import { explainFailure } from '../runs/failure-advice';
import { api, toProblem } from '../lib/api';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { Checkbox } from '../ui/checkbox';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input, NumberInput, Textarea } from '../ui/input';
import { Switch } from '../ui/switch';
import { toast } from '../ui/toast';
import { DeleteQueue } from './delete-queue';
import { queuePath } from './queries';
import { SecretsCard } from './secrets-card';
import { readSettings, toSettingsForm } from './settings-form';
import { useRole } from './use-role';

/** What a queue does besides its configuration. */
export function SettingsTab({ queue }: { queue: Queue }) {
  const client = useQueryClient();
  const { mayAdminister } = useRole(queue.entity);
  const [form, setForm] = useState(() => toSettingsForm(queue));
  const [tried, setTried] = useState(false);
  const set = <K extends keyof typeof form>(field: K, value: (typeof form)[K]) =>
    setForm((before) => ({ ...before, [field]: value }));
  const { settings, errors } = readSettings(form);
  const save = useMutation({
    mutationFn: () => api.patch<Queue>(queuePath(queue.entity, queue.name), settings),
    onSuccess: async (now) => {
      client.setQueryData(['queue', queue.entity, queue.name], now);
      toast.success('Settings saved.');
      await client.invalidateQueries({ queryKey: ['entity', queue.entity, 'queues'] });
    },
  });
  const refused = save.error === null ? [] : toProblem(save.error).errors;
  const errorOf = (path: string) =>
    (tried ? errors[path] : undefined) ??
    refused.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message;
  const disabled = !mayAdminister;
  const toggle = (category: FailureCategory, on: boolean) =>
    set(
      'categories',
      on ? [...form.categories, category] : form.categories.filter((each) => each !== category),
    );
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      {disabled && (
        <p className="text-sm text-muted">
          Only admins of {queue.entity} change settings; you see them read-only.
        </p>
      )}
      <SectionCard title="Queue">
        <fieldset disabled={disabled} className="flex flex-col gap-4">
          <Field label="Description" error={errorOf('description')}>
            <Textarea
              value={form.description}
              onChange={(event) => set('description', event.target.value)}
              maxLength={10_000}
            />
          </Field>
          <div className="flex items-center gap-3">
            <Switch
              id="settings-prioritized"
              checked={form.prioritized}
              onCheckedChange={(on) => set('prioritized', on)}
            />
            <label htmlFor="settings-prioritized" className="text-sm font-medium">
              Allow prioritization
            </label>
          </div>
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label="Runs in flight" error={errorOf('maxInFlight')} hint="Empty: no limit.">
              <NumberInput
                value={form.maxInFlight}
                onValueChange={(text) => set('maxInFlight', text)}
                min={1}
              />
            </Field>
            <Field
              label="Start timeout"
              error={errorOf('startTimeoutSeconds')}
              hint="From submission to running."
            >
              <NumberInput
                value={form.startTimeoutSeconds}
                onValueChange={(text) => set('startTimeoutSeconds', text)}
                min={10}
                step={60}
                unit="s"
              />
            </Field>
            <Field
              label="Stop grace"
              error={errorOf('stopGraceSeconds')}
              hint="SIGTERM to SIGKILL. Empty: as the agent says."
            >
              <NumberInput
                value={form.stopGraceSeconds}
                onValueChange={(text) => set('stopGraceSeconds', text)}
                min={0}
                step={10}
                unit="s"
              />
            </Field>
          </div>
        </fieldset>
      </SectionCard>
      <SectionCard
        title="Retry"
        description="Failed runs that go back into the queue by themselves. Preemptions and lost agents never use up the limit."
      >
        <fieldset disabled={disabled} className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label="Retries at most" error={errorOf('retryPolicy.limit')}>
              <NumberInput
                value={form.retryLimit}
                onValueChange={(text) => set('retryLimit', text)}
                min={0}
                max={100}
              />
            </Field>
            <Field label="First wait" error={errorOf('retryPolicy.backoffSeconds')} hint="Doubled each time.">
              <NumberInput
                value={form.backoffSeconds}
                onValueChange={(text) => set('backoffSeconds', text)}
                min={0}
                step={10}
                unit="s"
              />
            </Field>
            <Field label="Longest wait" error={errorOf('retryPolicy.maxBackoffSeconds')}>
              <NumberInput
                value={form.maxBackoffSeconds}
                onValueChange={(text) => set('maxBackoffSeconds', text)}
                min={0}
                step={60}
                unit="s"
              />
            </Field>
          </div>
          <Field label="Categories that are retried" group>
            <div className="grid gap-2 sm:grid-cols-3">
              {FAILURE_CATEGORIES.map((category) => (
                <Checkbox
                  key={category}
                  disabled={disabled}
                  label={explainFailure(category).title}
                  checked={form.categories.includes(category)}
                  onCheckedChange={(on) => toggle(category, on === true)}
                />
              ))}
            </div>
          </Field>
          <Field
            label="Exit codes that are retried"
            optional
            error={errorOf('retryPolicy.exitCodes')}
            hint="Separated by commas, for example 75, 137."
          >
            <Input mono value={form.exitCodes} onChange={(event) => set('exitCodes', event.target.value)} />
          </Field>
        </fieldset>
      </SectionCard>
      <SectionCard
        title="Overrides that launches may make"
        description="Paths of the configuration that resourceArgs may set, one a line; * stands for one key. Empty: none."
      >
        <Field label="Allow-list" hideLabel error={errorOf('overrideAllow')}>
          <Textarea
            mono
            disabled={disabled}
            rows={4}
            value={form.overrideAllow}
            onChange={(event) => set('overrideAllow', event.target.value)}
            placeholder={'spec.template.spec.nodeSelector\n/resources/limits/*'}
          />
        </Field>
      </SectionCard>
      {save.error !== null && refused.length === 0 && <ErrorCard problem={save.error} />}
      {mayAdminister && (
        <div className="flex justify-end">
          <Button
            variant="primary"
            loading={save.isPending}
            onClick={() => {
              setTried(true);
              if (Object.keys(errors).length === 0) save.mutate();
            }}
          >
            Save settings
          </Button>
        </div>
      )}
      <SecretsCard queue={queue} mayAdminister={mayAdminister} />
      {mayAdminister && <DeleteQueue queue={queue} />}
    </div>
  );
}
