import { ENTITY } from '../lib/bench-system';
import type { BrowserBench } from '../browser';
import { reportScroll } from './frames';

const ROWS = 10_000;

/** Ten thousand runs in one list, scrolled. */
export async function benchList(bench: BrowserBench): Promise<void> {
  const { ours, tab } = bench;
  await ours.createQueue('deep');
  await ours.fill('deep', ROWS);
  await ours.settle();
  await tab.page.goto(`/${ENTITY}/runs?queue=deep`);
  await tab.page.evaluate(() => window.probe.shown([{ selector: '[data-run]' }]));
  await tab.page.evaluate(async (rows) => {
    const count = () => Number(document.querySelector('[aria-rowcount]')?.getAttribute('aria-rowcount'));
    while (count() < rows) {
      window.scrollTo(0, document.documentElement.scrollHeight);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    window.scrollTo(0, 0);
  }, ROWS);
  await reportScroll(bench, 'list of 10 thousand rows', 'main', { distance: 12_000, speed: 4000 });
}
