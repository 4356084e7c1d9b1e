'use client';
import { RESOURCE_INFO } from '@/core/queue-config';
import type { Queue, QueueSummary, Viewer } from '@/core/wire';
import { Combobox } from '../ui/combobox';
import { Field } from '../ui/field';
import { Select } from '../ui/select';
import { queueCondition } from '@/core/run-state';
import { QUEUE_STATE_LOOK, QueueStateBadge } from '../ui/state-badge';
import { QueueSentence } from '../queues/queue-sentence';
import { Section } from './section';

export interface WhereFieldsProps {
  entities: Viewer['entities'];
  entity: string;
  onEntity: (entity: string) => void;
  queues: readonly QueueSummary[];
  queueName: string;
  onQueue: (queue: string) => void;
  queue: Queue | undefined;
  error: string | undefined;
}

/** Which queue, with what it does at the moment. */
export function WhereFields({
  entities,
  entity,
  onEntity,
  queues,
  queueName,
  onQueue,
  queue,
  error,
}: WhereFieldsProps) {
  return (
    <Section title="Where">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Entity">
          <Select
            value={entity === '' ? undefined : entity}
            onValueChange={onEntity}
            options={entities.map((each) => ({ value: each.name, label: each.name }))}
          />
        </Field>
        <Field label="Queue" required error={error}>
          <Combobox
            value={queueName}
            onValueChange={onQueue}
            placeholder="Choose a queue"
            empty="This entity has no such queue."
            options={queues.map((each) => ({
              value: each.name,
              label: each.name,
              description: `${RESOURCE_INFO[each.resource].label}, ${QUEUE_STATE_LOOK[queueCondition(each)].label.toLowerCase()}, ${each.counts.waiting} waiting`,
            }))}
          />
        </Field>
      </div>
      {queue !== undefined && (
        <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
          <QueueStateBadge queue={queue} /> <QueueSentence queue={queue} />
        </p>
      )}
    </Section>
  );
}
