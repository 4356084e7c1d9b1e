import { isFinal, isInFlight } from '@/core/run-state';
import { notFound, ProblemError } from '@/core/problems';
import { failureSchema } from '@/core/wire';
import type { ReportAnswer } from '@/core/wire';
import type { AgentActor } from '../access';
import { noteOutcomes } from '../agents/health';
import type { AgentOutcome } from '../agents/health';
import { isDatabaseAway, withTransaction } from '../db';
import type { Services } from '../services';
import { announceRuns, announceWork } from './announce';
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
type Outcome = { ok: true; answer: ReportAnswer } | { ok: false; problem: ProblemError };

const commits = perProcess(
  (s) =>
    new GroupCommit<Report, Outcome>({
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
  const { runId, attempt } = input;
  const outcome = await commits(s).submit({
    tokenId: actor.tokenId,
    entityId: actor.entityId,
    runId,
    attempt,
    events: checkEvents(input.events),
  });
  if (!outcome.ok) throw outcome.problem;
  return outcome.answer;
}

async function flush(s: Services, reports: Report[]): Promise<Outcome[]> {
  const { outcomes, changes } = await withTransaction(s.pool, async (client) => {
    const locked = await lockRuns(
      client,
      reports.map(({ runId }) => runId),
      awaySeconds(s.config),
    );
    const changes = new Map<string, RunChangeSet>();
    const outcomes = reports.map((report): Outcome => {
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
  });
  announceProgress(s, changes);
  noteOutcomes(s, changes.flatMap(outcomesOf)).catch((error: unknown) =>
    s.log.warn({ err: error }, 'the failures of agents were not counted'),
  );
  return outcomes;
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
    changes.map(({ before, after }) => ({
      ...before.place,
      runId: after.id,
      state: after.state,
      stopping: after.stopping && !isFinal(after.state),
      seq: after.eventSeq,
    })),
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
