import { setTimeout as delay } from 'node:timers/promises';
import type { BenchAgent, BenchSystem } from '../lib/bench-system';
import { percentile } from '../lib/stats';
import type { Bench } from '../queue';

const ROUNDS = 200;
const AGENTS = 1000;
const QUEUES = 100;

/** Milliseconds from the answer of a launch to the answer of the lease call that waits for it. */
async function pickUps(
  ours: BenchSystem,
  queue: string,
  waiting: () => Promise<void>,
  rounds: number,
): Promise<number[]> {
  const agent = await ours.registerAgent(`${queue}-picker`, [queue]);
  const waits: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const leased = ours.lease(agent, 1, 20).then((runs) => ({ runs, at: performance.now() }));
    await delay(20);
    await waiting();
    await ours.launch(queue);
    const launchedAt = performance.now();
    const { runs, at } = await leased;
    const [run] = runs;
    if (!run) throw new Error('a lease was answered without a run');
    waits.push(Math.max(0, at - launchedAt));
    await ours.finish(agent, run);
  }
  return waits;
}

/** Holds a lease call open for each agent, for as long as `open` says; whoever gets a run finishes it. */
function hold(
  ours: BenchSystem,
  agents: readonly BenchAgent[],
  open: () => boolean,
  onRun: (at: number) => void,
): Promise<unknown> {
  return Promise.all(
    agents.map(async (agent) => {
      while (open()) {
        const runs = await ours.lease(agent, 1, 10);
        if (runs.length > 0) onRun(performance.now());
        for (const run of runs) await ours.finish(agent, run);
      }
    }),
  );
}

/** From launch to agent on an idle system, and with 1,000 agents waiting on 100 queues. */
export async function benchPickUp({ ours, report }: Bench): Promise<void> {
  await ours.createQueue('idle');
  await pickUps(ours, 'idle', () => Promise.resolve(), 30);
  add(
    report,
    'launch to agent, idle system',
    await pickUps(ours, 'idle', () => Promise.resolve(), ROUNDS),
    5,
    25,
  );

  const queues = Array.from({ length: QUEUES }, (_, i) => `crowd-${i}`);
  for (const queue of queues) await ours.createQueue(queue);
  const agents: BenchAgent[] = [];
  for (let i = 0; i < AGENTS; i += 1)
    agents.push(await ours.registerAgent(`crowd-${i}`, [queues[i % QUEUES] ?? '']));
  let open = true;
  let heard: (at: number) => void = () => undefined;
  const crowd = hold(
    ours,
    agents,
    () => open,
    (at) => {
      heard(at);
    },
  );
  await delay(3_000);
  const waits: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const leased = new Promise<number>((resolve) => (heard = resolve));
    await ours.launch(queues[(i * 7) % QUEUES] ?? '');
    const launchedAt = performance.now();
    waits.push(Math.max(0, (await leased) - launchedAt));
    await delay(10);
  }
  add(report, 'launch to agent, 1,000 agents wait on 100 queues', waits, 10, 50);
  open = false;
  await crowd;
}

function add(report: Bench['report'], measure: string, waits: number[], p50: number, p99: number): void {
  for (const [share, limit, name] of [
    [0.5, p50, 'p50'],
    [0.99, p99, 'p99'],
  ] as const) {
    report.add({
      measure: `${measure}, ${name}`,
      unit: 'ms',
      ours: [percentile(waits, share)],
      goal: { text: `at most ${limit} ms`, met: (value) => value <= limit },
    });
  }
}
