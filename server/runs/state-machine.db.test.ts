import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFinal, isInFlight } from '@/core/run-state';
import { ProblemError } from '@/core/problems';
import { retryPolicySchema } from '@/core/wire';
import type { AgentActor } from '../access';
import { createTestServices, seedAgentToken, seedQueue, seedUser } from '../testing';
import type { SeededQueue, SeededUser, TestServices } from '../testing';
import { expireLeases, reportEvents, requeueRun, stopRun, wakeDueRuns } from './index';
import { enqueue, startAgent } from './testing/agent';
import type { TestAgent } from './testing/agent';
import * as model from './testing/protocol';
import type { ModelEvent, ModelRun, Step } from './testing/protocol';
import { numbered, reportArbitrary } from './testing/reports';
import type { ModelReport } from './testing/reports';

let s: TestServices;
let user: SeededUser;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
});
afterAll(() => s.close());

const retryPolicy = { limit: 2, categories: ['oom', 'agent-lost'], exitCodes: [75], backoffSeconds: 60 };
const policy = retryPolicySchema.parse(retryPolicy);

interface Tracked {
  run: ModelRun;
  events: ModelEvent[];
  /** Place in the queue. */
  place: number;
  leases: { agent: number; attempt: number; said: number }[];
}
/** What should be. */
interface Model {
  runs: Tracked[];
  places: number;
}
/** What is. */
interface Real {
  queue: SeededQueue;
  actor: AgentActor;
  agents: TestAgent[];
}
type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (m, real) => {
      await run(m, real);
      await compare(m);
    },
    toString: () => name,
  };
}
const take = (tracked: Tracked, step: Step) => {
  tracked.run = step.run;
  tracked.events.push(...step.events);
};
const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
const idOf = ({ run }: Tracked) => run.progress.id;
const nameOf = (index: number) => `agent-${index}`;

const launch = command('launch', async (m, { queue }) => {
  if (m.runs.length === 3) return;
  const { run, events } = model.newRun(await enqueue(s, user.actor, queue));
  m.runs.push({ run, events, place: m.places++, leases: [] });
});

const lease = (index: number, max: number) =>
  command(`lease(${index}, ${max})`, async (m, { agents }) => {
    const inOrder = [...m.runs].sort((a, b) => a.place - b.place);
    const adopted = inOrder.filter(({ run }) => model.canAdopt(run)).slice(0, max);
    const taken = inOrder.filter(({ run }) => model.canLease(run)).slice(0, max - adopted.length);
    for (const each of adopted) take(each, model.adopt(each.run, nameOf(index)));
    for (const each of taken) take(each, model.lease(each.run, nameOf(index)));
    const expected = [...adopted, ...taken];
    for (const each of expected)
      each.leases.push({ agent: index, attempt: each.run.progress.attempt, said: 0 });
    const runs = await agents[index]?.lease({ max });
    expect(runs?.map(({ id, attempt, adopt }) => ({ id, attempt, adopt }))).toEqual(
      expected.map((each) => ({
        id: idOf(each),
        attempt: each.run.progress.attempt,
        adopt: adopted.includes(each),
      })),
    );
  });

const report = (which: number, said: ModelReport) =>
  command(`report(${which}, ${JSON.stringify(said)})`, async (m, { actor }) => {
    const tracked = at(m.runs, which);
    const of = tracked?.leases.at(-1 - (said.of % Math.max(1, tracked.leases.length)));
    if (!tracked || !of) return;
    const events = numbered(said, of.said);
    const real = await reportEvents(s, actor, {
      runId: idOf(tracked),
      attempt: of.attempt,
      events: events.map(({ data = {}, ...event }) => ({ ...event, data: data as never })),
    }).catch((error: unknown) => error);
    let code: string | null = null;
    try {
      // Without an agent there is nobody to report: the server compares tokens first.
      if (tracked.run.agent === null) code = 'stale-attempt';
      else take(tracked, model.report(tracked.run, of.attempt, events, policy));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      code = error.code;
    }
    if (code !== null) {
      expect(real).toMatchObject({ code });
      return;
    }
    const { progress } = tracked.run;
    expect(of.attempt, 'the attempt of what was accepted').toBe(progress.attempt);
    of.said = Math.max(of.said, progress.agentSeq);
    expect(real).toEqual({
      lastSeq: progress.agentSeq,
      state: progress.state,
      stop: progress.stopping && isInFlight(progress.state),
    });
  });

const expire = (which: number) =>
  command(`expire(${which})`, async (m) => {
    const tracked = at(m.runs, which);
    if (!tracked || !model.canRelease(tracked.run)) return;
    take(tracked, model.release(tracked.run, 'lease-expired'));
    await s.pool.query("UPDATE runs SET lease_expires_at = now() - interval '1 s' WHERE id = $1", [
      idOf(tracked),
    ]);
    expect(await expireLeases(s)).toBe(1);
  });

/** The newest leases that the agent knows of: as far as it knows, it has them all. */
const beat = (index: number) =>
  command(`beat(${index})`, async (m, { agents }) => {
    const held = m.runs.flatMap((tracked) => {
      const last = tracked.leases.findLast(({ agent }) => agent === index);
      return last ? [{ tracked, id: idOf(tracked), attempt: last.attempt }] : [];
    });
    const lost: string[] = [];
    for (const { tracked, id, attempt } of held) {
      const renewed = model.renew(tracked.run, nameOf(index), attempt);
      if (renewed) tracked.run = renewed;
      else lost.push(id);
    }
    const answer = await agents[index]?.beat(held.map(({ id, attempt }) => ({ id, attempt })));
    expect(answer?.lost).toEqual(lost);
  });

/** A new process with the same instance id. */
const restart = (index: number) =>
  command(`restart(${index})`, async (m, real) => {
    const before = real.agents[index];
    if (!before) return;
    for (const tracked of m.runs)
      if (tracked.run.agent === nameOf(index) && model.canRelease(tracked.run))
        take(tracked, model.release(tracked.run, 'agent-registered'));
    real.agents[index] = await newAgent(real, index, before.instanceId);
    await expect(before.lease()).rejects.toMatchObject({ code: 'superseded' });
  });

const stop = (which: number, force: boolean) =>
  command(`stop(${which}, ${force})`, async (m) => {
    const tracked = at(m.runs, which);
    if (!tracked) return;
    const { progress } = tracked.run;
    const step = model.stop(tracked.run, force);
    const done = stopRun(s, user.actor, { id: idOf(tracked), force });
    if (step) take(tracked, step);
    if (isFinal(progress.state) && progress.state !== 'stopped')
      await expect(done).rejects.toMatchObject({ code: 'run-ended' });
    else if (!step && force && progress.state !== 'stopped')
      await expect(done).rejects.toMatchObject({ code: 'stop-first' });
    else expect(await done).toMatchObject({ state: tracked.run.progress.state });
  });

const requeue = (which: number) =>
  command(`requeue(${which})`, async (m) => {
    const tracked = at(m.runs, which);
    if (!tracked) return;
    const step = model.requeue(tracked.run);
    const done = requeueRun(s, user.actor, { id: idOf(tracked) });
    if (!step) {
      await expect(done).rejects.toMatchObject({ code: 'not-ended' });
      return;
    }
    await done;
    take(tracked, step);
    tracked.place = m.places++;
  });

const wake = command('wake', async (m) => {
  const held = m.runs.filter(({ run }) => run.progress.heldUntil !== null);
  for (const tracked of held) tracked.run = model.wake(tracked.run);
  await s.pool.query("UPDATE runs SET held_until = now() - interval '1 s' WHERE id = ANY ($1)", [
    held.map(idOf),
  ]);
  expect(await wakeDueRuns(s)).toBe(held.length);
});

/** The rows are what the model says, and the history is one that may be. */
async function compare(m: Model): Promise<void> {
  const ids = m.runs.map(idOf);
  const { rows } = await s.pool.query<{ id: string }>(
    `SELECT r.id, r.state::text, attempt, agent_seq AS "agentSeq", event_seq AS "eventSeq", execution, retries, preemptions,
            stop_requested_at IS NOT NULL AS stopping, held, orphaned_at IS NOT NULL AS orphaned, lease_expires_at IS NOT NULL AS leased
     FROM runs r WHERE id = ANY ($1) ORDER BY array_position($1, id::text)`,
    [ids],
  );
  expect(rows).toEqual(
    m.runs.map(({ run: { progress, orphaned } }) => {
      const { id, state, attempt, agentSeq, eventSeq, execution, retries, preemptions, stopping } = progress;
      const row = { id, state, attempt, agentSeq, eventSeq, execution, retries, preemptions, stopping };
      return { ...row, held: progress.heldUntil !== null, orphaned, leased: isInFlight(state) && !orphaned };
    }),
  );
  const { rows: events } = await s.pool.query<ModelEvent & { run: string }>(
    'SELECT run_id AS run, seq, attempt, kind, state::text FROM run_events WHERE run_id = ANY ($1) ORDER BY run_id, seq',
    [ids],
  );
  for (const tracked of m.runs) {
    const stored = events.filter(({ run }) => run === idOf(tracked)).map(({ run: _, ...event }) => event);
    expect(stored).toEqual(
      tracked.events.map(({ seq, attempt, kind, state }) => ({ seq, attempt, kind, state })),
    );
    expect(model.historyProblems(tracked.run, stored)).toEqual([]);
  }
}

const newAgent = ({ queue, actor }: Pick<Real, 'queue' | 'actor'>, index: number, instanceId?: string) =>
  startAgent(s, user.entity, [queue.name], {
    actor,
    maxJobs: -1,
    name: nameOf(index),
    ...(instanceId ? { instanceId } : {}),
  });

/** Both agents use one token, so that nothing but the attempt tells them apart. */
async function setUp(): Promise<{ model: Model; real: Real }> {
  const source = 'spec: {template: {spec: {containers: [{}]}}}';
  const queue = await seedQueue(s, user.entity, { resource: 'kubernetes', source, retryPolicy });
  const { actor } = await seedAgentToken(s, user.entity);
  const agents = await Promise.all([0, 1].map((index) => newAgent({ queue, actor }, index)));
  return { model: { runs: [], places: 0 }, real: { queue, actor, agents } };
}

it('PostgreSQL does what the model of the lease protocol says, whatever comes in whatever order', async () => {
  const which = fc.nat(2);
  const agent = fc.nat(1);
  const often = (weight: number, arbitrary: fc.Arbitrary<Command>) =>
    Array.from({ length: weight }, () => arbitrary);
  const commands = fc.commands<Model, Real, false>(
    [
      ...often(2, fc.constant(launch)),
      ...often(
        4,
        fc.tuple(agent, fc.integer({ min: 1, max: 3 })).map(([index, max]) => lease(index, max)),
      ),
      ...often(
        8,
        fc.tuple(which, reportArbitrary).map(([run, said]) => report(run, said)),
      ),
      ...often(2, which.map(expire)),
      agent.map(beat),
      agent.map(restart),
      fc.tuple(which, fc.boolean()).map(([run, force]) => stop(run, force)),
      which.map(requeue),
      fc.constant(wake),
    ],
    { maxCommands: 60, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(commands, (list) => fc.asyncModelRun(setUp, list)),
    { numRuns: 60 },
  );
});
