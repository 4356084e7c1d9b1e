import { median, number } from '../lib/stats';
import type { BrowserBench } from '../browser';

/** Share of frames that scrolling drops. */
export async function reportScroll(
  { tab, report, rounds }: BrowserBench,
  what: string,
  selector: string,
  way: { distance: number; speed: number },
): Promise<void> {
  const shares: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const { share, cpuMs } = await tab.scroll(selector, {
      ...way,
      distance: i % 2 === 0 ? way.distance : -way.distance,
    });
    shares.push(share * 100);
    times.push(cpuMs);
  }
  report.add({
    measure: `${what}: frames dropped while it scrolls`,
    unit: '%',
    ours: shares,
    goal: { text: 'none (at most 1 %)', met: (value) => value <= 1 },
    note: `${number(median(times))} ms of processor time a frame, of 16.7 ms that it has; drawn without a graphics card`,
  });
}
