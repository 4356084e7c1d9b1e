import type { PoolClient } from 'pg';
import { isFinal, isInFlight } from '@/core/run-state';
import { notFound, ProblemError } from '@/core/problems';
import { failureSchema } from '@/core/wire';
import type { ReportAnswer } from '@/core/wire';
import type { AgentActor } from '../access';
import { noteOutcomes } from '../agents/health';
import type { AgentOutcome } from '../agents/health';
import { isDatabaseAway, withTransaction } from '../db';
import type { Services } from '../services';
import { announceRuns, announceWork, runChange } from './announce';
import { awaySeconds } from './away';
import { GroupCommit } from './group-commit';
import type { ReportInput } from './inputs';
import { perProcess } from './per-process';
import { applyReport, staleAttempt } from './report-apply';
import { checkEvents } from './report-data';
import type { CheckedEvent } from './report-data';
import { lockRuns, writeRuns } from './report-sql';
import type { RunChangeSet } from './report-sql';

interface Report {
  tokenId: string;
  entityId: string;
  runId: string;
  attempt: number;
  events: CheckedEvent[];
}
/** Each report of a group is taken or refused by itself. */
export type ReportOutcome = { ok: true; answer: ReportAnswer } | { ok: false; problem: ProblemError };

const commits = perProcess(
  (s) =>
    new GroupCommit<Report, ReportOutcome>({
      flush: (reports) => flush(s, reports),
      splitOn: (error) => !isDatabaseAway(error),
    }),
);

/**
 * Takes what an agent reports of a run. A repeated report changes nothing and gets the same answer.
 *
 * @throws ProblemError not-found; refused (what an event lacks); conflict `stale-attempt`, `event-gap`, `illegal-move`
 */
export async function reportEvents(
  s: Services,
  actor: AgentActor,
  input: ReportInput,
): Promise<ReportAnswer> {
  const outcome = await commits(s).submit(toReport(actor, input));
  if (!outcome.ok) throw outcome.problem;
  return outcome.answer;
}

/** The same for reports of many runs: each is taken or refused by itself; in their order. Throws only what is nobody's refusal. */
export function reportMany(
  s: Services,
  actor: AgentActor,
  inputs: readonly ReportInput[],
): Promise<ReportOutcome[]> {
  return Promise.all(
    inputs.map(async (input): Promise<ReportOutcome> => {
      try {
        return await commits(s).submit(toReport(actor, input));
      } catch (problem) {
        if (problem instanceof ProblemError && problem.status < 500) return { ok: false, problem };
        throw problem;
      }
    }),
  );
}

/** @throws ProblemError refused: what an event lacks */
const toReport = ({ tokenId, entityId }: AgentActor, { runId, attempt, events }: ReportInput): Report => ({
  tokenId,
  entityId,
  runId,
  attempt,
  events: checkEvents(events),
});

/**
 * Runs are found by their id. Before the first statistics of a table that grows by thousands a second, the planner takes it for a small
 * one and would read all of it for each report.
 */
const BEGIN = 'BEGIN; SET LOCAL enable_seqscan = off';

async function flush(s: Services, reports: Report[]): Promise<ReportOutcome[]> {
  const { outcomes, changes } = await withTransaction(s.pool, (client) => take(s, client, reports), {
    begin: BEGIN,
  });
  announceProgress(s, changes);
  noteOutcomes(s, changes.flatMap(outcomesOf)).catch((error: unknown) =>
    s.log.warn({ err: error }, 'the failures of agents were not counted'),
  );
  return outcomes;
}

async function take(
  s: Services,
  client: PoolClient,
  reports: Report[],
): Promise<{ outcomes: ReportOutcome[]; changes: RunChangeSet[] }> {
  const ids = reports.map(({ runId }) => runId);
  const locked = await lockRuns(client, ids, awaySeconds(s.config));
  const changes = new Map<string, RunChangeSet>();
  const outcomes = reports.map((report): ReportOutcome => {
    const before = locked.get(report.runId);
    try {
      if (before === undefined || before.entityId !== report.entityId) throw notFound('The run');
      if (before.tokenId !== report.tokenId) throw staleAttempt();
      const earlier = changes.get(report.runId);
      const { run, events, submission } = applyReport(
        earlier?.after ?? before.progress,
        report.attempt,
        report.events,
        before.policy,
        before.now,
      );
      if (run.agentSeq > before.progress.agentSeq) {
        changes.set(report.runId, {
          before,
          after: run,
          events: [...(earlier?.events ?? []), ...events],
          submission: submission ?? earlier?.submission ?? null,
        });
      }
      return {
        ok: true,
        answer: { lastSeq: run.agentSeq, state: run.state, stop: run.stopping && isInFlight(run.state) },
      };
    } catch (error) {
      if (error instanceof ProblemError) return { ok: false, problem: error };
      throw error;
    }
  });
  if (changes.size > 0) await writeRuns(client, [...changes.values()]);
  return { outcomes, changes: [...changes.values()] };
}

/** What a report says of the agent itself. */
function outcomesOf({ before: { agentId }, events }: RunChangeSet): AgentOutcome[] {
  if (agentId === null) return [];
  return events.flatMap(({ state, data }): AgentOutcome[] => {
    if (state === 'running' || state === 'finished') return [{ agentId, kind: 'began' }];
    if (state !== 'failed') return [];
    const failure = failureSchema.safeParse(data);
    return failure.success ? [{ agentId, kind: 'failed', failure: failure.data }] : [];
  });
}

/** Tells everyone of runs that reports or a task have moved on. */
export function announceProgress(s: Services, changes: readonly RunChangeSet[]): void {
  announceRuns(
    s,
    changes.map(({ before, after }) =>
      runChange(before.place, after.id, {
        state: after.state,
        stopping: after.stopping && !isFinal(after.state),
        seq: after.eventSeq,
      }),
    ),
  );
  const putBack = changes.filter(({ after }) => after.state === 'pending' && after.heldUntil === null);
  announceWork(
    s,
    putBack.map(({ before }) => before.place.queueId),
    { putBack: true },
  );
  // A run that leaves a limited queue makes room for another.
  const room = changes.filter(({ before, after }) => before.limited && !isInFlight(after.state));
  announceWork(
    s,
    room.map(({ before }) => before.place.queueId),
  );
}
