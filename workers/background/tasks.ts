import { resumeRestedAgents } from '@/server/agents';
import { cleanUpArtifacts } from '@/server/artifacts';
import { archiveLogs } from '@/server/logs';
import { rollUpQueues } from '@/server/queue-metrics';
import { expireLeases, failLostRuns, retention, wakeDueRuns } from '@/server/runs';
import type { Services } from '@/server/services';

/** Work that nobody waits for. */
export interface Task {
  name: string;
  everyMs: number;
  /** Does what is due; returns what it did, for the log. Safe to run twice at once: rows are locked, what is done is done. */
  run: (services: Services, signal: AbortSignal) => Promise<unknown>;
}

export const TASKS: readonly Task[] = [
  { name: 'wake-due-runs', everyMs: 500, run: (s) => wakeDueRuns(s) },
  { name: 'expire-leases', everyMs: 2_000, run: (s) => expireLeases(s) },
  { name: 'fail-lost-runs', everyMs: 5_000, run: (s) => failLostRuns(s) },
  { name: 'resume-rested-agents', everyMs: 5_000, run: (s) => resumeRestedAgents(s) },
  { name: 'roll-up-queues', everyMs: 60_000, run: (s, signal) => rollUpQueues(s, signal) },
  { name: 'archive-logs', everyMs: 600_000, run: (s, signal) => archiveLogs(s, signal) },
  { name: 'retention', everyMs: 3_600_000, run: (s, signal) => retention(s, signal) },
  { name: 'clean-up-artifacts', everyMs: 3_600_000, run: (s, signal) => cleanUpArtifacts(s, signal) },
];
