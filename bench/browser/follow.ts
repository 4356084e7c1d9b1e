import { setTimeout as delay } from 'node:timers/promises';
import { BareAgent } from '../../e2e/support/bare-agent';
import { ENTITY } from '../lib/bench-system';
import type { BrowserBench } from '../browser';
import { logLines } from './log';

const PER_SECOND = 5000;
const TICK_MS = 100;
const SECONDS = 8;

/** A program that writes five thousand lines a second, followed at the end of its log. */
export async function benchFollow({ ours, tab, report, rounds }: BrowserBench): Promise<void> {
  await ours.createQueue('fast');
  const token = await ours.system.agentToken(ENTITY);
  const agent = await new BareAgent(ours.system.baseUrl, token).register(['fast'], 'fast');
  await ours.launch('fast');
  const [run] = await agent.lease();
  if (!run) throw new Error('nothing was leased');
  await agent.report(run, { state: 'starting' }, { state: 'running' });
  let line = 1;
  const write = async (seconds: number) => {
    const count = (PER_SECOND * TICK_MS) / 1000;
    const begin = performance.now();
    for (let tick = 0; tick < (seconds * 1000) / TICK_MS; tick += 1) {
      const early = begin + tick * TICK_MS - performance.now();
      if (early > 0) await delay(early);
      await agent.log(run, logLines(line, count));
      line += count;
    }
    return (performance.now() - begin) / 1000;
  };
  await write(0.2);
  await tab.page.goto(`/runs/${run.id}`);
  await tab.page.evaluate(() => window.probe.shown([{ selector: '[role="log"] [data-row]', text: 'step' }]));
  await write(2);
  const renderer: number[] = [];
  const all: number[] = [];
  const behind: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const before = await tab.cpuSeconds();
    const took = await write(SECONDS);
    const after = await tab.cpuSeconds();
    renderer.push((after.renderer - before.renderer) / took);
    all.push((after.all - before.all) / took);
    const sent = Date.now();
    const seen = await tab.page.evaluate(
      (text) => window.probe.shown([{ selector: '[role="log"] [data-row]', text }]),
      `step ${line - 1} `,
    );
    behind.push(seen - sent);
  }
  report.add({
    measure: '5 thousand lines a second, followed: cores that the page takes',
    unit: 'cores',
    ours: renderer,
    goal: { text: 'less than 0.5', met: (value) => value < 0.5 },
  });
  report.add({
    measure: '5 thousand lines a second, followed: cores of all of the browser',
    unit: 'cores',
    ours: all,
    goal: { text: 'less than 0.5', met: (value) => value < 0.5 },
    note: 'with what draws in place of a graphics card',
  });
  report.add({
    measure: '5 thousand lines a second, followed: last line on the screen after',
    unit: 'ms',
    ours: behind,
  });
}
