import { isFinal } from '@/core/run-state';
import { priorityFromNumber } from '@/core/priorities';
import type {
  FailureCategory,
  FailurePhase,
  JsonObject,
  LaunchSpec,
  ResourceId,
  RoleName,
  Run,
  RunState,
  RunSummary,
  TemplateValues,
  Waiting,
} from '@/core/wire';
import type { Actor } from '../access';
import { mayChange } from './door';

/** A run as lists read it. */
export interface SummaryRow {
  id: string;
  seq: number;
  name: string;
  entity: string;
  queue: string;
  queueId: string;
  queueDeleted: boolean;
  queueVersion: number;
  resource: ResourceId;
  project: string | null;
  state: RunState;
  stopRequestedAt: Date | null;
  priority: number;
  prioritized: boolean;
  attempt: number;
  retries: number;
  author: string;
  authorId: string | null;
  job: string | null;
  jobVersion: number | null;
  image: string | null;
  labels: string[];
  agentId: string | null;
  agentName: string | null;
  agentHost: string | null;
  failurePhase: FailurePhase | null;
  failureCategory: FailureCategory | null;
  failureMessage: string | null;
  exitCode: number | null;
  createdAt: Date;
  notBefore: Date | null;
  held: boolean;
  heldUntil: Date | null;
  orphaned: boolean;
  leasedAt: Date | null;
  submittedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
}
/** A run as its own page reads it. */
export interface RunRow extends SummaryRow {
  externalRef: string | null;
  preemptions: number;
  stopRequestedBy: string | null;
  logBytes: number;
  logTruncated: boolean;
  spec: LaunchSpec;
  templateValues: TemplateValues;
  resourceArgs: JsonObject | null;
}

export const SUMMARY_COLUMNS = `
r.id, r.seq, r.name, e.name AS entity, q.name AS queue, r.queue_id AS "queueId", q.deleted_at IS NOT NULL AS "queueDeleted",
r.queue_version AS "queueVersion", q.resource, p.name AS project, r.state, r.stop_requested_at AS "stopRequestedAt", r.priority, q.prioritized,
r.attempt, r.retries, r.author, r.author_id AS "authorId", j.name AS job, r.job_version AS "jobVersion", r.image,
ARRAY(SELECT l.label FROM run_labels l WHERE l.run_id = r.id ORDER BY l.label) AS labels,
a.id AS "agentId", a.name AS "agentName", a.hostname AS "agentHost",
r.failure_phase AS "failurePhase", r.failure_category AS "failureCategory", r.failure_message AS "failureMessage", r.exit_code AS "exitCode",
r.created_at AS "createdAt", r.not_before AS "notBefore", r.held, r.held_until AS "heldUntil", r.orphaned_at IS NOT NULL AS orphaned,
r.leased_at AS "leasedAt", r.submitted_at AS "submittedAt", r.started_at AS "startedAt", r.ended_at AS "endedAt"`;
export const SUMMARY_JOINS = `
JOIN queues q ON q.id = r.queue_id JOIN entities e ON e.id = r.entity_id LEFT JOIN projects p ON p.id = r.project_id
LEFT JOIN jobs j ON j.id = r.job_id LEFT JOIN agents a ON a.id = r.agent_id`;

const time = (date: Date | null) => date?.toISOString() ?? null;

/** Whether it is told why the run waits: in the queue, or for someone to adopt it. */
export const isWaiting = ({ state, orphaned }: Pick<SummaryRow, 'state' | 'orphaned'>): boolean =>
  state === 'pending' || orphaned;

export function toSummary(row: SummaryRow, waiting: Waiting | null): RunSummary {
  const { failurePhase: phase, failureCategory: category, agentId, agentName } = row;
  return {
    id: row.id,
    name: row.name,
    entity: row.entity,
    queue: row.queue,
    queueDeleted: row.queueDeleted,
    queueVersion: row.queueVersion,
    resource: row.resource,
    project: row.project,
    state: row.state,
    stopping: row.stopRequestedAt !== null && !isFinal(row.state),
    priority: row.prioritized ? priorityFromNumber(row.priority) : null,
    attempt: row.attempt,
    author: row.author,
    job: row.job === null || row.jobVersion === null ? null : { name: row.job, version: row.jobVersion },
    image: row.image,
    labels: row.labels,
    // The last agent is remembered while a retry waits, but it does not have the run any more.
    agent:
      agentId === null || agentName === null || row.state === 'pending'
        ? null
        : { id: agentId, name: agentName },
    failure:
      phase === null || category === null
        ? null
        : { phase, category, message: row.failureMessage ?? '', exitCode: row.exitCode },
    exitCode: row.exitCode,
    createdAt: row.createdAt.toISOString(),
    notBefore: time(row.notBefore),
    leasedAt: time(row.leasedAt),
    submittedAt: time(row.submittedAt),
    startedAt: time(row.startedAt),
    endedAt: time(row.endedAt),
    waiting,
  };
}

/** Seconds between SIGTERM and SIGKILL where neither queue nor agent say otherwise. */
const DEFAULT_GRACE_SECONDS = 60;

export function toRun(
  row: RunRow,
  waiting: Waiting | null,
  warnings: Run['warnings'],
  actor: Actor,
  role: RoleName,
): Run {
  const { spec } = row;
  const ended = isFinal(row.state);
  const may = mayChange(actor, role, row.authorId);
  const stopping = row.stopRequestedAt;
  // Not by spreading: V8 adds each further property to a copy by a slow path, which made this the dearest part of a launch.
  return Object.assign(toSummary(row, waiting), {
    source: spec.source,
    externalRef: row.externalRef,
    retries: row.retries,
    preemptions: row.preemptions,
    stop:
      stopping === null
        ? null
        : {
            at: stopping.toISOString(),
            by: row.stopRequestedBy?.replace(/^(user|agent):/, '') ?? 'unknown',
            killAfterSeconds: spec.stopGraceSeconds ?? DEFAULT_GRACE_SECONDS,
          },
    entrypoint: spec.entrypoint,
    args: spec.args,
    env: spec.env,
    config: Object.keys(spec.runConfig).length === 0 ? null : spec.runConfig,
    templateValues: row.templateValues,
    resourceArgs: row.resourceArgs,
    log: { bytes: row.logBytes, truncated: row.logTruncated, complete: ended },
    warnings,
    permissions: {
      stop: may && !ended,
      requeue: may && ended && !row.queueDeleted,
      edit: may && row.state === 'pending',
    },
  });
}
