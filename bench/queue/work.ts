import type { BenchSystem } from '../lib/bench-system';
import type { Bench } from '../queue';

const SINGLE = 6_000;
const MANY = 20_000;

/** Runs leased and finished a second, until the queue is empty. */
async function drain(
  ours: BenchSystem,
  queue: string,
  count: number,
  agents: number,
  max: number,
): Promise<number> {
  const crew = await Promise.all(
    Array.from({ length: agents }, (_, index) => ours.registerAgent(`${queue}-${index}`, [queue])),
  );
  for (let left = count; left > 0; left -= 1000) await ours.launchBatch(queue, Math.min(1000, left));
  const begin = performance.now();
  await Promise.all(
    crew.map(async (agent) => {
      for (;;) {
        const runs = await ours.lease(agent, max);
        if (runs.length === 0) return;
        if (max === 1) await Promise.all(runs.map((run) => ours.finish(agent, run)));
        else await ours.finishMany(agent, runs);
      }
    }),
  );
  return count / ((performance.now() - begin) / 1000);
}

/** Lease and finish: one at a time from 64 agents, and 100 at a time from 4, in turns with graphile-worker. */
export async function benchWork({ ours, graphile, report, rounds }: Bench): Promise<void> {
  const single = { ours: [] as number[], graphile: [] as number[] };
  const many = { ours: [] as number[], graphile: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    await ours.createQueue(`single-${round}`);
    await ours.createQueue(`many-${round}`);
    const a = await drain(ours, `single-${round}`, SINGLE, 64, 1);
    await fillGraphile(graphile, SINGLE);
    const b = await graphile.work(SINGLE, 64, false);
    const c = await drain(ours, `many-${round}`, MANY, 4, 100);
    await fillGraphile(graphile, MANY);
    const d = await graphile.work(MANY, 400, true);
    if (round === 0) continue;
    single.ours.push(a);
    single.graphile.push(b);
    many.ours.push(c);
    many.graphile.push(d);
  }
  report.add({
    measure: 'lease and finish one at a time, 64 agents',
    unit: 'runs a second',
    ours: single.ours,
    peer: { name: 'graphile-worker, defaults', values: single.graphile },
    goal: { text: 'at least 2 x', met: (ratio) => ratio >= 2 },
  });
  report.add({
    measure: 'lease 100 and finish, 4 agents',
    unit: 'runs a second',
    ours: many.ours,
    peer: { name: 'graphile-worker, localQueue and batched completion', values: many.graphile },
    goal: { text: 'at least 1 x', met: (ratio) => ratio >= 1 },
  });
  report.add({
    measure: 'database of a run that was launched and ended, with its events and all indexes',
    unit: 'bytes',
    ours: [await bytesPerRun(ours)],
  });
}

async function bytesPerRun(ours: BenchSystem): Promise<number> {
  const { rows } = await ours.db.query<{ bytes: string; runs: string }>(
    `SELECT sum(pg_total_relation_size(name)) AS bytes, (SELECT count(*) FROM runs) AS runs
     FROM unnest('{runs,run_specs,run_events,run_labels,run_submissions}'::regclass[]) AS name`,
  );
  return Number(rows[0]?.bytes ?? 0) / Math.max(1, Number(rows[0]?.runs ?? 0));
}

async function fillGraphile(graphile: Bench['graphile'], count: number): Promise<void> {
  await graphile.clear();
  for (let left = count; left > 0; left -= 1000) await graphile.addMany(Math.min(1000, left));
}
