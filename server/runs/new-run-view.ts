import type { Run } from '@/core/wire';
import type { EntityAccess, UserActor } from '../access';
import type { LaunchQueue } from '../queues';
import type { Services } from '../services';
import type { InsertedRun, NewRun } from './enqueue-sql';
import { toRun } from './run-rows';
import type { RunRow } from './run-rows';
import { waitingOfNew } from './waiting';

/** What the answer to a launch needs besides the row. */
export interface NewRunContext {
  actor: UserActor;
  role: EntityAccess['role'];
  queue: LaunchQueue;
}

/** A run that was launched this moment, as `getRun` would show it, without asking the database for what is known. */
export async function newRunView(
  s: Services,
  { actor, role, queue }: NewRunContext,
  run: NewRun,
  inserted: InsertedRun,
): Promise<Run> {
  const row: RunRow = {
    id: run.id,
    seq: 0,
    name: run.name,
    entity: queue.entity,
    queue: queue.name,
    queueId: queue.id,
    queueDeleted: false,
    queueVersion: run.queueVersion,
    resource: queue.resource,
    project: run.spec.project,
    state: 'pending',
    stopRequestedAt: null,
    priority: run.priority,
    prioritized: queue.prioritized,
    attempt: 0,
    retries: 0,
    author: run.author,
    authorId: run.authorId,
    job: run.jobName,
    jobVersion: run.jobVersion,
    image: run.image,
    labels: [...new Set(run.labels)].sort(),
    agentId: null,
    agentName: null,
    agentHost: null,
    failurePhase: null,
    failureCategory: null,
    failureMessage: null,
    exitCode: null,
    createdAt: inserted.createdAt,
    notBefore: run.notBefore,
    held: inserted.held,
    heldUntil: inserted.held ? run.notBefore : null,
    orphaned: false,
    leasedAt: null,
    submittedAt: null,
    startedAt: null,
    endedAt: null,
    externalRef: null,
    preemptions: 0,
    stopRequestedBy: null,
    logBytes: 0,
    logTruncated: false,
    spec: run.spec,
    templateValues: run.templateValues,
    resourceArgs: run.resourceArgs,
  };
  return toRun(row, await waitingOfNew(s, row), [], actor, role);
}
