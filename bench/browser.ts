/**
 * What a person waits for in the browser: `npm run bench -- browser`.
 *
 * `BENCH_ONLY=load,log` runs some parts only; `BENCH_ROUNDS` the rounds (3); `SLIPWAY_BROWSER` another Chromium than the installed one.
 * The built product on a PostgreSQL of its own, a real Chromium without a window, and an agent that speaks HTTP. Server, database, browser
 * and load share the machine, and the browser draws without a graphics card: on a busy machine the figures mean little, so the load is
 * printed first.
 */
import { loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BareAgent } from '../e2e/support/bare-agent';
import { Tab } from './browser/tab';
import { benchEvents } from './browser/events';
import { benchFollow } from './browser/follow';
import { benchList } from './browser/list';
import { benchLoad } from './browser/load';
import { benchLog } from './browser/log';
import { benchPages } from './browser/pages';
import { BenchSystem, ENTITY } from './lib/bench-system';
import { Report } from './lib/report';

export interface BrowserBench {
  ours: BenchSystem;
  tab: Tab;
  report: Report;
  rounds: number;
}

const parts: Record<string, (bench: BrowserBench) => Promise<void>> = {
  load: benchLoad,
  pages: benchPages,
  events: benchEvents,
  list: benchList,
  log: benchLog,
  follow: benchFollow,
};

const only = (process.env.BENCH_ONLY ?? Object.keys(parts).join(',')).split(',');
const unknown = only.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(
    `BENCH_ONLY: there is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`,
  );

const load = loadavg().map((value) => value.toFixed(2));
console.log(`load average before: ${load.join(', ')}`);
const report = new Report('browser');
const ours = await BenchSystem.start();
let tab: Tab | undefined;
try {
  await furnish(ours);
  for (const name of only) {
    console.log(`\n── ${name} (load average ${loadavg()[0]?.toFixed(2) ?? ''})`);
    // A browser of its own for each part: what one leaves in memory is not the next one's.
    await tab?.close();
    tab = await Tab.open(ours.system.baseUrl);
    await parts[name]?.({ ours, tab, report, rounds: Number(process.env.BENCH_ROUNDS ?? 3) });
  }
  report.write(path.resolve(import.meta.dirname, '../..'));
} catch (error) {
  // The server's own words come a moment after its answer.
  await delay(500);
  console.error(ours.system.server?.text().slice(-4000));
  throw error;
} finally {
  await tab?.close();
  await ours.stop();
}
process.exit(0);

/** An installation that is in use: thirty queues, an agent, a run that has finished and others that wait. */
async function furnish(system: BenchSystem): Promise<void> {
  const names = Array.from({ length: 30 }, (_, i) => `team-${i}`);
  for (const name of names) await system.createQueue(name, { description: 'Eight cards in the basement' });
  const agent = await new BareAgent(system.system.baseUrl, await system.system.agentToken(ENTITY)).register(
    names.slice(0, 10),
    'first',
  );
  for (const name of names.slice(0, 10)) await system.launchBatch(name, 5);
  for (const run of await agent.lease(10)) {
    await agent.report(run, { state: 'starting' }, { state: 'running' });
    await agent.log(run, 'epoch 1 loss 0.25\n'.repeat(200));
    await agent.report(run, { state: 'finished', exitCode: 0 });
  }
}
