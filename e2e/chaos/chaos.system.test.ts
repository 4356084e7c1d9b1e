import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { until } from '../support/system';
import { faultPlan } from './faults';
import { Installation, type ChaosQueue } from './installation';
import { violations } from './invariants';
import { Random } from './random';
import { launchAll } from './workload';

/**
 * Everything is killed, frozen and cut while runs are launched and run; afterwards the database and the programs' own journal must say
 * that nothing was lost, doubled or mixed up. Short here; `npm run chaos` is the long form. CHAOS_SEED repeats the faults of a failure.
 */
const RUNS = Number(process.env.CHAOS_RUNS ?? 60);
const FAULTS = Number(process.env.CHAOS_FAULTS ?? 10);
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1e9));
const PATIENCE_MS = 120_000 + RUNS * 200;
/** Who launches at the same time. */
const CALLERS = Math.max(1, Math.ceil(RUNS / 1000));
/** How long each of them waits between two launches, so that they come as long as the faults do, milliseconds. */
const PACE_MS = Math.max(50, (FAULTS * 3000 * CALLERS) / RUNS);
const QUEUES: ChaosQueue[] = [
  { name: 'ranked', resource: 'local-process', prioritized: true },
  { name: 'plain', resource: 'local-process', prioritized: false },
  { name: 'cluster', resource: 'kubernetes', prioritized: true },
  { name: 'other-cluster', resource: 'kubernetes', prioritized: false },
];

let installation: Installation | undefined;
afterEach(() => installation?.stop(), 60_000);

it(
  `${RUNS} runs and ${FAULTS} faults: each ends once, nothing is lost or doubled (seed ${SEED})`,
  { timeout: PATIENCE_MS + RUNS * 1000 + FAULTS * 15_000, retry: 0 },
  async () => {
    const random = new Random(SEED);
    const running = (installation = await Installation.start(QUEUES, true));
    const plan = faultPlan(FAULTS, random, running.redis !== null);

    let faulting = true;
    const launching = launchAll(running, RUNS, new Random(SEED + 1), () => (faulting ? PACE_MS : 0), CALLERS);
    const happened: string[] = [];
    for (const fault of plan) {
      await delay(random.between(200, 2000));
      happened.push(await fault(running, random));
    }
    faulting = false;
    const accepted = await launching;

    const open = async () =>
      (
        await running.query<{ id: string; state: string }>(
          "SELECT id, state::text FROM runs WHERE state NOT IN ('finished', 'failed', 'stopped')",
        )
      ).length;
    await until('the end of every run', open, (count) => count === 0, PATIENCE_MS);
    expect(await violations(running, accepted), `after: ${happened.join('; ')}`).toEqual([]);
  },
);
