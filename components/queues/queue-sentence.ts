import { RESOURCE_INFO } from '@/core/queue-config';
import type { QueueSummary } from '@/core/wire';
import { plural } from '../lib/format';
import { queueCondition } from '../ui/state-badge';

/** What a run launched now has to expect. */
export function queueSentence(queue: QueueSummary): string {
  const ahead =
    queue.counts.waiting === 0 ? 'nothing waits' : plural(queue.counts.waiting, 'run waits', 'runs wait');
  switch (queueCondition(queue)) {
    case 'paused':
      return `Paused by ${queue.paused?.by ?? 'an admin'}${queue.paused?.note ? `: ${queue.paused.note}` : ''}. Runs wait until it is resumed.`;
    case 'unserved':
      return `No agent of this release runs ${RESOURCE_INFO[queue.resource].label} queues yet. Launches can be previewed and wait.`;
    case 'no-agent':
      return queue.agents.everHad
        ? `No agent is online for this queue; ${ahead}.`
        : `This queue never had an agent; ${ahead}.`;
    case 'active': {
      const { online, busy, slots } = queue.agents;
      return `${plural(online, 'agent')} online, ${slots === null ? `${busy} busy, no limit` : `${busy} of ${slots} slots busy`}; ${ahead}.`;
    }
  }
}
