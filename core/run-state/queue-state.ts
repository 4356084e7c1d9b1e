import type { QueueSummary } from '@/core/wire';
import {
  allPausedPhrase,
  counted,
  noAgentPhrase,
  noRunnerPhrase,
  pausedPhrase,
  secretsPhrase,
} from './phrases';
import { queueCondition, type QueueFacts } from './queue-condition';

/** What a run launched now has to expect: the sentence of a queue, made of the same phrases as those of its waiting runs. */
export function queueSentence(
  queue: QueueFacts & Pick<QueueSummary, 'counts' | 'maxInFlight'>,
  resourceLabel: string,
  now: number,
): string {
  const { agents, counts, maxInFlight } = queue;
  const waiting = counts.waiting === 0 ? 'nothing waits' : counted(counts.waiting, 'run waits', 'runs wait');
  switch (queueCondition(queue)) {
    case 'paused':
      return `${pausedPhrase(queue.paused ?? { by: 'an admin', note: '' })}; ${waiting}, what is launched waits until it is resumed.`;
    case 'unserved':
      return `${noRunnerPhrase(resourceLabel)}. Launches can be previewed and wait.`;
    case 'blocked':
      return `${secretsPhrase(queue.closedSecrets)}. No run starts until an admin has set it again; ${waiting}.`;
    case 'no-agent': {
      const lastSeenAt = agents.lastSeenAt === null ? null : Date.parse(agents.lastSeenAt);
      return `${noAgentPhrase({ everHad: agents.everHad, lastSeenAt }, now)}; ${waiting}.`;
    }
    case 'agents-paused':
      return `${allPausedPhrase(agents.online)}; ${waiting}.`;
    case 'failing':
      return `${capacity(agents)}; the last runs all failed; ${waiting}.`;
    case 'active': {
      const full = maxInFlight !== null && counts.inFlight >= maxInFlight;
      const limit = full ? `; limit reached: ${counts.inFlight} of ${maxInFlight} in flight` : '';
      return `${capacity(agents)}${limit}; ${waiting}.`;
    }
  }
}

function capacity({ online, busy, slots }: QueueSummary['agents']): string {
  return `${counted(online, 'agent')} online, ${slots === null ? `${busy} busy, no limit` : `${busy} of ${slots} slots busy`}`;
}
