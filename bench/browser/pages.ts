import { ENTITY } from '../lib/bench-system';
import { percentile } from '../lib/stats';
import type { BrowserBench } from '../browser';
import type { Wanted } from './probe';

const HOME: Wanted[] = [{ selector: 'table[aria-label="Queues"] tbody tr', text: 'team-0' }];
const queuePage = (name: string): Wanted[] => [
  { selector: 'h1', text: name },
  { selector: 'table[aria-label="History"] [data-run]' },
];
const RUN: Wanted[] = [{ selector: '[role="log"] [data-row]', text: 'epoch 1' }];

/** Home, a queue, one of its runs, and back again, each queue and run for the first time. */
export async function benchPages({ tab, report, rounds }: BrowserBench): Promise<void> {
  const forward: number[] = [];
  const back: number[] = [];
  const all: number[] = [];
  await tab.page.goto(`/${ENTITY}`);
  await tab.page.evaluate((wanted) => window.probe.shown(wanted), HOME);
  for (let i = 0; i < Math.max(10, rounds); i += 1) {
    const name = `team-${i % 10}`;
    forward.push(
      await tab.change(`a[href="/${ENTITY}/queues/${name}"]`, queuePage(name)),
      await tab.change('table[aria-label="History"] a[href^="/runs/"]', RUN),
    );
    back.push(await tab.change(undefined, queuePage(name)), await tab.change(undefined, HOME));
  }
  all.push(...forward, ...back);
  for (const [name, list] of [
    ['forward', forward],
    ['back', back],
  ] as const)
    report.add({ measure: `a page change, ${name}: home, queue, run`, unit: 'ms', ours: list });
  report.add({
    measure: 'a page change, p95',
    unit: 'ms',
    ours: [percentile(all, 0.95)],
    goal: { text: 'at most 300 ms', met: (value) => value <= 300 },
    note: `${all.length} changes; painted with their data`,
  });
}
