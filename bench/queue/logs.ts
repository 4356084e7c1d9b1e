import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchAgent, BenchSystem, LeasedRun } from '../lib/bench-system';
import { percentile } from '../lib/stats';
import type { Bench } from '../queue';

const RUNS = 64;
const CHUNK = 256 * 1024;
const SECONDS = 8;

/** A log of a program that writes a line of 100 bytes at a time. */
const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(Math.ceil(CHUNK / 100)).slice(0, CHUNK));

/** 64 runs that write 1 MB a second each: what the server pays for it, and how soon a browser hears. */
export async function benchLogs({ ours, report }: Bench): Promise<void> {
  await ours.createQueue('logs');
  const agent = await ours.registerAgent('logs', ['logs']);
  await ours.launchBatch('logs', RUNS);
  const runs = await ours.lease(agent, RUNS);
  for (const run of runs) await start(agent, run);
  const [first] = runs;
  if (!first) throw new Error('nothing was leased');
  const sent = new Map<number, number>();
  const delays: number[] = [];
  const stream = listen(ours, first.id, (offset) => {
    const at = sent.get(offset);
    if (at !== undefined) delays.push(performance.now() - at);
  });
  await delay(500);
  const cpu = ours.serverCpuSeconds();
  const begin = performance.now();
  const offsets = runs.map(() => 0);
  await Promise.all(
    runs.map(async (run, index) => {
      for (let tick = 0; tick < SECONDS * 4; tick += 1) {
        const behind = begin + tick * 250 - performance.now();
        if (behind > 0) await delay(behind);
        const offset = offsets[index] ?? 0;
        if (run === first) sent.set(offset + CHUNK, performance.now());
        await agent.client.bytes(
          `/api/agent/v1/runs/${run.id}/logs?attempt=${run.attempt}&stream=stdout&offset=${offset}`,
          chunk,
        );
        offsets[index] = offset + CHUNK;
      }
    }),
  );
  const took = (performance.now() - begin) / 1000;
  await delay(500);
  stream.destroy();
  const megabytes = offsets.reduce((sum, offset) => sum + offset, 0) / 1e6;
  report.add({
    measure: '64 runs that write 1 MB/s each: taken by the server',
    unit: 'MB a second',
    ours: [megabytes / took],
    note: `${(((ours.serverCpuSeconds() - cpu) / megabytes) * 1000).toFixed(1)} ms of processor time of the server a MB`,
  });
  report.add({
    measure: 'delay of that log to the browser, p99',
    unit: 'ms',
    ours: [percentile(delays, 0.99)],
    goal: { text: 'at most 500 ms', met: (value) => value <= 500 },
    note: `${delays.length} of ${SECONDS * 4} chunks were announced by themselves`,
  });
}

const start = (agent: BenchAgent, run: LeasedRun): Promise<unknown> =>
  agent.client.call('POST', `/api/agent/v1/runs/${run.id}/events`, {
    attempt: run.attempt,
    events: ['starting', 'running'].map((state, i) => ({
      seq: i + 1,
      state,
      at: new Date().toISOString(),
      data: {},
    })),
  });

/** Server-sent events of one run; calls with the length of the log each time one tells of it. */
function listen(ours: BenchSystem, runId: string, onLog: (length: number) => void) {
  const stream = request(`${ours.system.baseUrl}/api/v1/stream?topic=run:${runId}`, {
    headers: { authorization: `Bearer ${ours.system.apiKey}` },
  });
  stream.on('error', () => undefined);
  stream.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (data: string) => {
      text += data;
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (data === undefined) continue;
        const parsed = JSON.parse(data) as { type?: string; bytes?: number };
        if (parsed.type === 'log') onLog(parsed.bytes ?? -1);
      }
    });
  });
  stream.end();
  return stream;
}
