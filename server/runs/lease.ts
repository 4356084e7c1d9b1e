import { priorityFromNumber } from '@/core/priorities';
import type { LeaseAnswer, LeasedRun } from '@/core/wire';
import type { AgentActor } from '../access';
import { agentView } from '../agents/agent-view';
import type { AgentView } from '../agents/agent-view';
import { openSecretsOf } from '../secrets';
import type { Services } from '../services';
import { adoptRuns } from './adopt-sql';
import type { AdoptedRun } from './adopt-sql';
import { announceRuns, runChange } from './announce';
import type { LeaseInput } from './inputs';
import { leaseDesk } from './lease-desk';
import type { LeaseDesk } from './lease-desk';
import type { TakenRun } from './lease-sql';
import { returnLeases } from './release';

/**
 * Gives an agent work: runs to adopt first, then the heads of its queues in turn. With nothing to give it waits up to `waitSeconds` for
 * some to come, and returns early, empty, when the agent has a stop or a command to hear of (it then sends a heartbeat). When `signal`
 * aborts, the client is gone: what was taken for it is put back.
 *
 * @throws ProblemError not-found (no such agent of this token), conflict `superseded` (a newer process has registered)
 */
export async function leaseRuns(
  s: Services,
  actor: AgentActor,
  input: LeaseInput,
  signal?: AbortSignal,
): Promise<LeaseAnswer> {
  const desk = leaseDesk(s);
  const deadline = performance.now() + input.waitSeconds * 1000;
  const view = await agentView(s, actor, input.agentId, input.session);
  // One that takes no work stands in no line: a wake-up given to it would be lost to the others.
  const lines = view.takesWork ? view.queues.map(({ id }) => id) : [];
  const waiter = desk.waiters.add(view.id, lines, input.max);
  desk.watch();
  try {
    let runs = await takeWork(s, desk, view, view.queues, input.max);
    while (runs.length === 0) {
      const wake = await waiter.next(deadline - performance.now(), signal);
      if (wake !== 'work') break;
      const now = await agentView(s, actor, input.agentId, input.session);
      const woken = waiter.takeQueues();
      runs = await takeWork(
        s,
        desk,
        now,
        now.queues.filter(({ id }) => woken.includes(id)),
        input.max,
      );
    }
    if (signal?.aborted) {
      await returnLeases(
        s,
        runs.filter(({ adopt }) => !adopt),
      );
      return { runs: [] };
    }
    return { runs };
  } finally {
    waiter.leave();
  }
}

async function takeWork(
  s: Services,
  desk: LeaseDesk,
  view: AgentView,
  queues: AgentView['queues'],
  max: number,
): Promise<LeasedRun[]> {
  const adoptable = await desk.orphans.queuesFor(view);
  const adopted =
    adoptable.length === 0
      ? []
      : await adoptRuns(s.pool, {
          agentId: view.id,
          session: view.session,
          queueIds: adoptable,
          slots: max,
          leaseSeconds: s.config.SLIPWAY_LEASE_SECONDS,
        });
  const taken = adopted.length < max ? await takeInTurn(s, desk, view, queues, max - adopted.length) : [];
  if (adopted.length + taken.length === 0) return [];
  announceRuns(s, [
    ...adopted.map((run) =>
      runChange(run, run.id, { state: run.state, stopping: run.stopping, seq: run.eventSeq }),
    ),
    ...taken.map((run) => runChange(run, run.id, { state: 'leased', stopping: false, seq: run.eventSeq })),
  ]);
  return toAnswer(s, adopted, taken);
}

/** A share from each queue that has something, in the order of their turns; then what is left over from those that have more. */
async function takeInTurn(
  s: Services,
  desk: LeaseDesk,
  view: AgentView,
  queues: AgentView['queues'],
  max: number,
): Promise<TakenRun[]> {
  const byId = new Map(queues.map((queue) => [queue.id, queue]));
  let order = desk.turns.order(view.id, [...byId.keys()]);
  if (order.length > 1) order = await withPending(s, order);
  const taken: TakenRun[] = [];
  while (order.length > 0 && taken.length < max) {
    const more: string[] = [];
    for (const [index, queueId] of order.entries()) {
      const slots = Math.ceil((max - taken.length) / (order.length - index));
      if (slots <= 0) break;
      const limited = byId.get(queueId)?.limited ?? false;
      const runs = await desk.take(queueId, limited, { agentId: view.id, session: view.session, slots });
      taken.push(...runs);
      if (runs.length > 0) desk.turns.gave(view.id, queueId);
      if (runs.length === slots) more.push(queueId);
    }
    order = more;
  }
  return taken;
}

/** Those of the queues where something can be leased, in the same order: an agent may serve hundreds that are empty. */
async function withPending(s: Services, queueIds: string[]): Promise<string[]> {
  const { rows } = await s.pool.query<{ id: string }>({
    name: 'lease-queues',
    text: `SELECT w.id FROM unnest($1::uuid[]) WITH ORDINALITY AS w(id, ord)
           WHERE EXISTS (SELECT 1 FROM runs r WHERE r.queue_id = w.id AND r.state = 'pending' AND NOT r.held) ORDER BY w.ord`,
    values: [queueIds],
  });
  return rows.map(({ id }) => id);
}

async function toAnswer(s: Services, adopted: AdoptedRun[], taken: TakenRun[]): Promise<LeasedRun[]> {
  const withSecrets = new Set(
    [...adopted, ...taken].filter(({ hasSecrets }) => hasSecrets).map(({ queueId }) => queueId),
  );
  let secrets: Map<string, Record<string, string>> = new Map();
  try {
    if (withSecrets.size > 0) secrets = await openSecretsOf(s, [...withSecrets]);
  } catch (error) {
    // Without them the runs cannot be handed out; back to their places at once rather than when the leases run out.
    await returnLeases(s, taken);
    throw error;
  }
  const answer = (
    { id, name, priority, attempt, execution, leaseExpiresAt, spec, queueId }: AdoptedRun | TakenRun,
    adoption: LeasedRun['adoption'],
  ): LeasedRun => ({
    id,
    attempt,
    execution,
    leaseExpiresAt: leaseExpiresAt.toISOString(),
    // Name and priority may have been changed while the run waited.
    spec: { ...spec, runName: name, priority: spec.priority === null ? null : priorityFromNumber(priority) },
    secrets: secrets.get(queueId) ?? {},
    adopt: adoption !== null,
    adoption,
  });
  return [
    ...adopted.map((run) =>
      answer(run, {
        state: run.state,
        externalRef: run.externalRef,
        logOffset: run.logBytes,
        logCursor: run.logCursor,
        submittedAt: run.submittedAt?.toISOString() ?? null,
      }),
    ),
    ...taken.map((run) => answer(run, null)),
  ];
}
