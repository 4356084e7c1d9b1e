import pg from 'pg';
import type { BenchAgent, BenchSystem } from '../lib/bench-system';
import { median } from '../lib/stats';
import type { Bench } from '../queue';

const SHALLOW = 1_000;
const LEASES = 400;
const QUEUES = 1_000;
const SNAPSHOT_LEASES = 200_000;

/** Milliseconds of each of `count` lease calls, one after the other, over HTTP. */
async function leaseTimes(
  ours: BenchSystem,
  agents: readonly BenchAgent[],
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const agent = agents[i % agents.length];
    if (!agent) throw new Error('no agent');
    const begin = performance.now();
    const runs = await ours.lease(agent, 1);
    times.push(performance.now() - begin);
    if (runs.length !== 1) throw new Error('a queue with waiting runs gave none');
  }
  return times;
}

/** One lease from a queue with millions of waiting runs against one with a thousand; over many queues; with priorities; under an old snapshot. */
export async function benchDepth({ ours, report, depth, rounds }: Bench): Promise<void> {
  const shallow: number[] = [];
  const compare = async (measure: string, agents: readonly BenchAgent[]) => {
    await leaseTimes(ours, agents, 50);
    const deep: number[] = [];
    for (let round = 0; round < rounds; round += 1) deep.push(median(await leaseTimes(ours, agents, LEASES)));
    report.add({
      measure,
      unit: 'ms (p50)',
      ours: deep,
      peer: { name: `one queue of ${SHALLOW.toLocaleString('en-US')}`, values: shallow },
      goal: { text: 'at most 2 x', met: (ratio) => ratio <= 2 },
    });
  };
  for (let round = 0; round < rounds; round += 1) {
    await ours.createQueue(`shallow-${round}`);
    await ours.fill(`shallow-${round}`, SHALLOW);
    await ours.settle();
    const agent = await ours.registerAgent(`shallow-${round}`, [`shallow-${round}`]);
    await leaseTimes(ours, [agent], 50);
    shallow.push(median(await leaseTimes(ours, [agent], LEASES)));
  }

  await ours.createQueue('deep');
  await ours.fill('deep', depth);
  await ours.settle();
  const deepAgent = await ours.registerAgent('deep', ['deep']);
  await compare(`lease at ${depth.toLocaleString('en-US')} waiting`, [deepAgent]);
  await underSnapshot(ours, deepAgent, report, Math.min(SNAPSHOT_LEASES, Math.floor(depth / 2)));

  await ours.createQueue('ranked', { prioritized: true });
  await ours.fill('ranked', Math.floor(depth / 5), [0, 1, 2, 3]);
  await ours.settle();
  await compare('the same with 4 priorities', [await ours.registerAgent('ranked', ['ranked'])]);

  const spread: BenchAgent[] = [];
  for (let i = 0; i < QUEUES; i += 1) {
    const queue = `spread-${i}`;
    await ours.createQueue(queue);
    await ours.fill(queue, Math.floor(depth / 5 / QUEUES));
    if (i % 10 === 0) spread.push(await ours.registerAgent(queue, [queue]));
  }
  await ours.settle();
  await compare('the same over 1,000 queues', spread);
}

/** A backup or a forgotten session holds one snapshot open: nothing that is leased meanwhile can be cleaned away. */
async function underSnapshot(ours: BenchSystem, agent: BenchAgent, report: Bench['report'], leases: number) {
  const without = median(await leaseTimes(ours, [agent], LEASES));
  const old = new pg.Client({ connectionString: ours.system.databaseUrl });
  await old.connect();
  await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await old.query('SELECT count(*) FROM queues');
  for (let left = leases; left > 0; left -= 1000) await ours.lease(agent, Math.min(1000, left));
  const times = await leaseTimes(ours, [agent], LEASES);
  await old.query('ROLLBACK');
  await old.end();
  report.add({
    measure: `lease while a snapshot is held open for ${leases.toLocaleString('en-US')} leases`,
    unit: 'ms (p50)',
    ours: [median(times)],
    peer: { name: 'without', values: [without] },
    goal: { text: 'at most 5 x', met: (ratio) => ratio <= 5 },
  });
}
