import { ENTITY } from '../lib/bench-system';
import { percentile } from '../lib/stats';
import type { Bench } from '../queue';

const CALLS = 200;

/** What the pages ask for, over the tables that the deep queues have filled. */
export async function benchLists({ ours, report }: Bench): Promise<void> {
  const { rows } = await ours.db.query<{ count: string }>('SELECT count(*) FROM runs');
  const total = Number(rows[0]?.count ?? 0).toLocaleString('en-US');
  const { rows: deepest } = await ours.db.query<{ name: string }>(
    'SELECT q.name FROM queues q JOIN runs r ON r.queue_id = q.id GROUP BY q.name ORDER BY count(*) DESC LIMIT 1',
  );
  const queue = deepest[0]?.name ?? '';
  const pages: Record<string, string[]> = {
    'runs list': [`/api/v1/entities/${ENTITY}/runs?limit=50`],
    'runs list, filtered by queue and state': [
      `/api/v1/entities/${ENTITY}/runs?limit=50&queue=${queue}&state=pending`,
    ],
    'queue page': [
      `/api/v1/entities/${ENTITY}/queues/${queue}`,
      `/api/v1/entities/${ENTITY}/runs?limit=50&queue=${queue}`,
    ],
    'queues home': [`/api/v1/entities/${ENTITY}/queues?limit=100`],
  };
  for (const [name, paths] of Object.entries(pages)) {
    const times: number[] = [];
    for (let i = 0; i < CALLS; i += 1) {
      const begin = performance.now();
      await Promise.all(paths.map((path) => ours.user.call('GET', path)));
      if (i >= 10) times.push(performance.now() - begin);
    }
    report.add({
      measure: `${name} at ${total} runs, p99`,
      unit: 'ms',
      ours: [percentile(times, 0.99)],
      goal: { text: 'at most 100 ms', met: (value) => value <= 100 },
      note: `p50 ${percentile(times, 0.5).toFixed(1)} ms`,
    });
  }
}
