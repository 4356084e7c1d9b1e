import { setTimeout as delay } from 'node:timers/promises';
import { BareAgent } from '../../e2e/support/bare-agent';
import { ENTITY } from '../lib/bench-system';
import { percentile } from '../lib/stats';
import type { BrowserBench } from '../browser';

const SAMPLES = 24;
const STATES = ['starting', 'running', 'finished'] as const;

/** From an agent's report to the badge on the screen: on a quiet system, and while others report ten times a second. */
export async function benchEvents(bench: BrowserBench): Promise<void> {
  await measure(bench, 'events-quiet', 'quiet system, three states one after the other', 0);
  await measure(bench, 'events-busy', 'ten other reports a second', 10);
}

async function measure(
  { ours, tab, report }: BrowserBench,
  queue: string,
  what: string,
  others: number,
): Promise<void> {
  await ours.createQueue(queue);
  const token = await ours.system.agentToken(ENTITY);
  const agent = await new BareAgent(ours.system.baseUrl, token).register([queue], queue);
  await ours.launchBatch(queue, SAMPLES + others * 40);
  const runs = await agent.lease(100);
  const watched = runs.slice(0, SAMPLES / STATES.length);
  let open = true;
  const noise = churn(agent, runs.slice(watched.length), others, () => open);
  const delays: number[] = [];
  for (const run of watched) {
    await tab.page.goto(`/${ENTITY}/runs?queue=${queue}&q=${run.id}`);
    await tab.page.evaluate(
      (id) => window.probe.shown([{ selector: `[data-run="${id}"] [data-state="leased"]` }]),
      run.id,
    );
    // Until the tab's event stream stands there is nothing to measure.
    await tab.page.getByText('Live', { exact: true }).waitFor();
    for (const state of STATES) {
      // From 100 to 900 ms: as events come, at no special moment.
      await delay(100 + ((delays.length * 337) % 800));
      const painted = tab.page.evaluate(
        ({ id, state }) => window.probe.shown([{ selector: `[data-run="${id}"] [data-state="${state}"]` }]),
        { id: run.id, state },
      );
      const sent = Date.now();
      await agent.report(run, state === 'finished' ? { state, exitCode: 0 } : { state });
      delays.push((await painted) - sent);
    }
  }
  open = false;
  await noise;
  report.add({ measure: `agent's report to screen, ${what}`, unit: 'ms', ours: delays });
  report.add({
    measure: `agent's report to screen, ${what}, p95`,
    unit: 'ms',
    ours: [percentile(delays, 0.95)],
    goal: { text: 'at most 300 ms', met: (value) => value <= 300 },
  });
}

/** Reports of other runs at a rate, as long as `open` says. */
async function churn(
  agent: BareAgent,
  runs: Awaited<ReturnType<BareAgent['lease']>>,
  perSecond: number,
  open: () => boolean,
): Promise<void> {
  if (perSecond === 0) return;
  const steps = STATES.flatMap((state) => runs.map((run) => ({ state, run })));
  for (const { state, run } of steps) {
    if (!open()) return;
    await agent.report(run, { state });
    await delay(1000 / perSecond);
  }
}
