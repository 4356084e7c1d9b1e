import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '@/core/wire';
import { BUSYBOX_IMAGE, buildBusyboxImage, docker, hasDocker } from '../support/docker-image';
import { System } from '../support/system';
import { createQueue, ENTITY, launch, readLog, waitForState } from './support';

let system: System;
beforeAll(async () => {
  if (hasDocker()) buildBusyboxImage();
  system = await System.start({ env: { SLIPWAY_LEASE_SECONDS: '6', SLIPWAY_HEARTBEAT_SECONDS: '1' } });
  await createQueue(system, 'boxes', 'local-container', {
    config: { format: 'yaml', source: 'network: none\nrm: true\n' },
  });
  await createQueue(system, 'local', 'local-process');
}, 120_000);
afterAll(() => system.stop());

/** A program that writes numbered lines for `seconds`. */
const counting = (seconds: number): string =>
  `i=0; while [ $i -lt ${seconds * 10} ]; do i=$((i+1)); echo "line $i"; sleep 0.1; done`;
const numbered = (lines: number): string[] => Array.from({ length: lines }, (_, i) => `line ${i + 1}`);
const linesOf = (log: string): string[] => log.split('\n').filter((line) => line.startsWith('line '));

describe('kill -9 of the agent', () => {
  it.skipIf(!hasDocker())(
    'adopts the same container: no gap, no doubled line, one end',
    { timeout: 120_000 },
    async () => {
      const token = await system.agentToken(ENTITY, ['boxes']);
      const start = () =>
        system.startAgent({ entity: ENTITY, queues: ['boxes'], token, name: 'docker-agent' });
      const first = start();
      const { id } = await launch(system, 'boxes', {
        image: BUSYBOX_IMAGE,
        entrypoint: ['/bin/sh', '-c'],
        args: [counting(10)],
      });
      await waitForState(system, id, 'running');
      await delay(2_000);
      const container = docker('inspect', '--format', '{{.Id}}', `slipway-${id}`);
      await first.kill('SIGKILL');
      await delay(2_000);
      start();
      await delay(2_000);
      expect(docker('inspect', '--format', '{{.Id}}', `slipway-${id}`)).toBe(container);
      const run = await waitForState(system, id, 'finished', 'failed');
      expect(run.failure).toBeNull();
      const { items } = await system.api()<{ items: RunEvent[] }>(
        'GET',
        `/api/v1/runs/${id}/events?limit=200`,
      );
      expect(items.filter(({ kind }) => kind === 'adopted')).toHaveLength(1);
      expect(items.filter(({ state }) => state === 'finished')).toHaveLength(1);
      expect(linesOf(await readLog(system, id))).toEqual(numbered(100));
      expect(docker('ps', '-aq', '--filter', `label=slipway.dev/run-id=${id}`)).toBe('');
    },
  );

  it('adopts a plain process in the same way', { timeout: 120_000 }, async () => {
    const token = await system.agentToken(ENTITY, ['local']);
    const start = () =>
      system.startAgent({ entity: ENTITY, queues: ['local'], token, name: 'process-agent' });
    const first = start();
    const { id } = await launch(system, 'local', { entrypoint: ['sh', '-c', counting(8)] });
    await waitForState(system, id, 'running');
    await delay(1_500);
    await first.kill('SIGKILL');
    await delay(2_000);
    const second = start();
    const run = await waitForState(system, id, 'finished', 'failed');
    expect(run.failure).toBeNull();
    expect(linesOf(await readLog(system, id))).toEqual(numbered(80));
    await second.kill('SIGTERM');
  });
});

describe('kill -9 of the server and of PostgreSQL', () => {
  it('goes on where it was: runs end once, what waited starts', { timeout: 180_000 }, async () => {
    const token = await system.agentToken(ENTITY, ['local']);
    const agent = system.startAgent({ entity: ENTITY, queues: ['local'], token, name: 'steady-agent' });
    const running = await launch(system, 'local', { entrypoint: ['sh', '-c', counting(12)] });
    const waiting = await launch(system, 'local', { entrypoint: ['echo', 'line 1'] });
    await waitForState(system, running.id, 'running');

    await system.server?.kill('SIGKILL');
    await delay(1_500);
    await system.startServer();
    await system.killPostgres();
    await delay(1_000);
    await system.startPostgres();

    const ended = await waitForState(system, running.id, 'finished', 'failed');
    expect(ended.failure).toBeNull();
    expect(linesOf(await readLog(system, running.id))).toEqual(numbered(120));
    expect((await waitForState(system, waiting.id, 'finished', 'failed')).failure).toBeNull();
    expect(await readLog(system, waiting.id)).toContain('line 1');
    const after = await launch(system, 'local', { entrypoint: ['echo', 'line 2'] });
    expect((await waitForState(system, after.id, 'finished', 'failed')).failure).toBeNull();
    expect(agent.running).toBe(true);
  });
});
