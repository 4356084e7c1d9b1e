import type { CDPSession, Page } from '@playwright/test';
import { ENTITY } from '../lib/bench-system';
import type { BrowserBench } from '../browser';

/** A first visit: nothing in the cache. */
async function visit(page: Page, cdp: CDPSession): Promise<{ kilobytes: number; ms: number }> {
  await cdp.send('Network.enable');
  const scripts = new Set<string>();
  let bytes = 0;
  cdp.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(`/${ENTITY}`, { waitUntil: 'commit' });
  const ms = await page.evaluate(
    async () =>
      (await window.probe.shown([{ selector: 'table[aria-label="Queues"] tbody tr', text: 'team-0' }])) -
      performance.timeOrigin,
  );
  // What comes after the rows counts too. The event stream stays open, so that the network is never wholly idle.
  let last = -1;
  while (last !== bytes) {
    last = bytes;
    await page.waitForTimeout(700);
  }
  return { kilobytes: bytes / 1000, ms };
}

/** How much script the home needs, and how soon its rows are there. */
export async function benchLoad({ tab, report, rounds }: BrowserBench): Promise<void> {
  await tab.fresh(visit);
  const kilobytes: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const result = await tab.fresh(visit);
    kilobytes.push(result.kilobytes);
    times.push(result.ms);
  }
  report.add({
    measure: 'Launch home, first load: script on the wire',
    unit: 'kB',
    ours: kilobytes,
    goal: { text: 'at most 250 kB', met: (value) => value <= 250 },
  });
  report.add({
    measure: 'Launch home, first load: rows of the queues painted',
    unit: 'ms',
    ours: times,
    goal: { text: 'at most 1500 ms', met: (value) => value <= 1500 },
  });
}
