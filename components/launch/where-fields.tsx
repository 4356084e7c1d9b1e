'use client';
import type { Membership } from './launch-drawer';
import type { Queue, QueueSummary } from '@/core/wire';
import { RESOURCE_INFO } from '@/core/queue-config';
import { plural } from '../lib/format';
import { Combobox } from '../ui/combobox';
import { Field } from '../ui/field';
import { Select } from '../ui/select';
import { QUEUE_CONDITION_LOOK, QueueStateBadge, queueCondition } from '../ui/state-badge';
import { Section } from './launch-fields';

export interface WhereFieldsProps {
  entities: readonly Membership[];
  entity: string;
  onEntity: (entity: string) => void;
  queues: readonly QueueSummary[];
  queueName: string;
  onQueue: (queue: string) => void;
  queue: Queue | undefined;
  error: string | undefined;
}

/** Which queue, with what it does at the moment. */
export function WhereFields({ entities, entity, onEntity, queues, queueName, onQueue, queue, error }: WhereFieldsProps) {
  return (
    <Section title="Where">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Entity">
          <Select value={entity === '' ? undefined : entity} onValueChange={onEntity} options={entities.map((each) => ({ value: each.name, label: each.name }))} />
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
              description: `${RESOURCE_INFO[each.resource].label}, ${QUEUE_CONDITION_LOOK[queueCondition(each)].label.toLowerCase()}, ${each.counts.waiting} waiting`,
            }))}
          />
        </Field>
      </div>
      {queue !== undefined && (
        <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
          <QueueStateBadge queue={queue} /> {queueSentence(queue)}
        </p>
      )}
    </Section>
  );
}

/** What a run launched now has to expect. */
export function queueSentence(queue: QueueSummary): string {
  const ahead = queue.counts.waiting === 0 ? 'nothing waits' : plural(queue.counts.waiting, 'run waits', 'runs wait');
  switch (queueCondition(queue)) {
    case 'paused':
      return `Paused by ${queue.paused?.by ?? 'an admin'}${queue.paused?.note ? `: ${queue.paused.note}` : ''}. Runs wait until it is resumed.`;
    case 'unserved':
      return `No agent of this release runs ${RESOURCE_INFO[queue.resource].label} queues yet. Launches can be previewed and wait.`;
    case 'no-agent':
      return queue.agents.everHad ? `No agent is online for this queue; ${ahead}.` : `This queue never had an agent; ${ahead}.`;
    case 'active': {
      const { online, busy, slots } = queue.agents;
      return `${plural(online, 'agent')} online, ${slots === null ? `${busy} busy, no limit` : `${busy} of ${slots} slots busy`}; ${ahead}.`;
    }
  }
}
