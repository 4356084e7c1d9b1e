import { callsPerSecond } from '../lib/client';
import type { Bench } from '../queue';

const SECONDS = 3;

/** Launches a second, one at a time from 64 callers and in batches of 100 from 4, in turns with the peers. */
export async function benchLaunches({ ours, graphile, boss, report, rounds }: Bench): Promise<void> {
  await ours.createQueue('launches');
  const single = { ours: [] as number[], graphile: [] as number[], boss: [] as number[] };
  const batch = { ours: [] as number[], graphile: [] as number[] };
  // The first round warms up everybody and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    const a = await callsPerSecond(64, SECONDS, () => ours.launch('launches'));
    const b = await callsPerSecond(64, SECONDS, () => graphile.add());
    const c = await callsPerSecond(64, SECONDS, () => boss.send());
    const d = 100 * (await callsPerSecond(4, SECONDS, () => ours.launchBatch('launches', 100)));
    const e = 100 * (await callsPerSecond(4, SECONDS, () => graphile.addMany(100)));
    await graphile.clear();
    await boss.clear();
    if (round === 0) continue;
    single.ours.push(a);
    single.graphile.push(b);
    single.boss.push(c);
    batch.ours.push(d);
    batch.graphile.push(e);
  }
  report.add({
    measure: 'single launches, 64 callers',
    unit: 'a second',
    ours: single.ours,
    peer: { name: 'graphile-worker addJob', values: single.graphile },
    goal: { text: 'at least 4 x', met: (ratio) => ratio >= 4 },
  });
  report.add({
    measure: 'single launches, 64 callers',
    unit: 'a second',
    ours: single.ours,
    peer: { name: 'pg-boss send', values: single.boss },
    goal: { text: 'at least 2 x', met: (ratio) => ratio >= 2 },
  });
  report.add({
    measure: 'batches of 100, 4 callers',
    unit: 'launches a second',
    ours: batch.ours,
    peer: { name: 'graphile-worker addJobs', values: batch.graphile },
    goal: { text: 'at least 1 x', met: (ratio) => ratio >= 1 },
  });
}
