import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIORITIES, type Run } from '@/core/wire';
import { System, until } from '../support/system';
import { createQueue, ENTITY, launch, listRuns } from './support';

let system: System;
beforeAll(async () => {
  system = await System.start();
}, 120_000);
afterAll(() => system.stop());

describe('one agent with one slot', () => {
  it('starts 40 runs of mixed priorities in exact order', { timeout: 180_000 }, async () => {
    await createQueue(system, 'mixed', 'local-process', { prioritized: true });
    const launched: Run[] = [];
    for (let i = 0; i < 40; i += 1) {
      launched.push(
        await launch(system, 'mixed', {
          name: `run ${i}`,
          entrypoint: ['true'],
          priority: PRIORITIES[(i * 7) % 4],
        }),
      );
    }
    system.startAgent({
      entity: ENTITY,
      queues: ['mixed'],
      token: await system.agentToken(ENTITY, ['mixed']),
      maxJobs: 1,
    });
    const ended = await until(
      'the end of all runs',
      () => listRuns(system, 'queue=mixed&state=finished'),
      (runs) => runs.length === 40,
      150_000,
    );
    const rank = (run: Run) => PRIORITIES.indexOf(run.priority!);
    const expected = launched
      .map((run, i) => ({ run, i }))
      .sort((a, b) => rank(a.run) - rank(b.run) || a.i - b.i);
    const started = ended.sort((a, b) => Date.parse(a.leasedAt!) - Date.parse(b.leasedAt!));
    expect(started.map(({ name }) => name)).toEqual(expected.map(({ run }) => run.name));
    expect(started.every(({ attempt }) => attempt === 1)).toBe(true);
  });
});
