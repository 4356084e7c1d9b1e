'use client';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { RESOURCE_INFO } from '@/core/queue-config';
import { PreviewPane } from '../launch/preview-pane';
import { ValueFields } from '../launch/value-fields';
import { SectionCard } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { Skeleton } from '../ui/skeleton';
import { sampleValue } from './analysis/sample-value';
import { useSample } from './analysis/use-sample';
import type { ConfigDraft } from './use-config-draft';

export interface TryItProps {
  entity: string;
  queue: string;
  prioritized: boolean;
  draft: ConfigDraft;
}

/** What a launch would submit with this configuration, before it is saved. */
export function TryIt({ entity, queue, prioritized, draft }: TryItProps) {
  const { resource, analysis, templates } = draft;
  const isProcess = RESOURCE_INFO[resource].takes === 'command';
  const [values, setValues] = useState<Record<string, string>>({});
  const [what, setWhat] = useState('');
  const used = what.trim() || (isProcess ? 'python train.py' : 'python:3.12-slim');
  const sample = useSample(
    analysis.readable
      ? {
          entity: entity || 'entity',
          queue: queue || 'queue',
          resource,
          prioritized,
          ...draft.analyzed,
          templates,
          values,
          what: used,
        }
      : undefined,
  );
  const shown = Object.fromEntries(
    Object.entries(templates).map(([name, variable]) => [name, values[name] || sampleValue(variable)]),
  );
  return (
    <SectionCard title="Try it" description="With sample values: exactly what a launch would submit.">
      {sample === undefined && draft.problems.length === 0 ? (
        <Skeleton className="h-40 w-full" />
      ) : sample === undefined ? (
        <EmptyState icon={<FlaskConical aria-hidden />} title="The configuration cannot be read yet">
          The list of problems says where it breaks.
        </EmptyState>
      ) : (
        <div className="grid gap-5 lg:grid-cols-2">
          <div className="flex flex-col gap-4">
            <Field
              label={isProcess ? 'Sample command' : 'Sample image'}
              error={
                sample.errors.find((error) => error.path === 'image' || error.path === 'entrypoint')?.message
              }
            >
              <Input mono value={what} placeholder={used} onChange={(event) => setWhat(event.target.value)} />
            </Field>
            <ValueFields
              templates={templates}
              values={shown}
              onChange={setValues}
              errorOf={(path) => sample.errors.find((error) => error.path === path)?.message}
            />
          </div>
          <PreviewPane preview={sample} />
        </div>
      )}
    </SectionCard>
  );
}
