import type { QueueState, QueueSummary } from '@/core/wire';

export type QueueFacts = Pick<QueueSummary, 'paused' | 'servable' | 'agents' | 'closedSecrets' | 'failing'>;

/** The condition of a queue; of several, the one that keeps runs from starting first. */
export function queueCondition({ paused, servable, agents, closedSecrets, failing }: QueueFacts): QueueState {
  if (paused !== null) return 'paused';
  if (!servable && agents.online === 0) return 'unserved';
  if (closedSecrets.length > 0) return 'blocked';
  if (agents.online === 0) return 'no-agent';
  if (agents.paused >= agents.online) return 'agents-paused';
  return failing ? 'failing' : 'active';
}
