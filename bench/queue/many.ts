import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ENTITY } from '../lib/bench-system';
import type { Bench } from '../queue';

const AGENTS = 1000;
const STREAMS = 500;

/** Memory of the server while 1,000 agents wait for work and 500 browsers listen. */
export async function benchMany({ ours, report }: Bench): Promise<void> {
  await ours.createQueue('many-waiting');
  const before = ours.serverMegabytes();
  let open = true;
  const waiting: Promise<void>[] = [];
  for (let i = 0; i < AGENTS; i += 1) {
    const agent = await ours.registerAgent(`waiting-${i}`, ['many-waiting']);
    waiting.push(
      (async () => {
        while (open) await ours.lease(agent, 1, 20);
      })(),
    );
  }
  const streams = Array.from({ length: STREAMS }, () => {
    const stream = request(`${ours.system.baseUrl}/api/v1/stream?topic=entity:${ENTITY}`, {
      headers: { authorization: `Bearer ${ours.system.apiKey}` },
    });
    stream.on('response', (response) => response.resume());
    stream.on('error', () => undefined);
    stream.end();
    return stream;
  });
  const samples: number[] = [];
  for (let second = 0; second < 30; second += 1) {
    await delay(1000);
    await ours.launchBatch('launches', 1).catch(() => undefined);
    samples.push(ours.serverMegabytes());
  }
  report.add({
    measure: 'memory of the server, 1,000 waiting agents and 500 streams',
    unit: 'MB',
    ours: [Math.max(...samples)],
    goal: { text: 'at most 400 MB', met: (value) => value <= 400 },
    note: `before: ${before.toFixed(0)} MB`,
  });
  open = false;
  for (const stream of streams) stream.destroy();
  await Promise.all(waiting);
}
