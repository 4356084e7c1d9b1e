import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preview, Run } from '@/core/wire';
import { System } from '../support/system';
import { createQueue, ENTITY, launch, waitForState } from './support';

let system: System;
beforeAll(async () => {
  system = await System.start();
  await createQueue(system, 'limits', 'local-process', {
    config: { format: 'yaml', source: 'env:\n  SIZE: "{{size}}"\n' },
    templates: { size: { type: 'string', options: ['small', 'large'], default: 'small' } },
  });
  system.startAgent({
    entity: ENTITY,
    queues: ['limits'],
    token: await system.agentToken(ENTITY),
    maxJobs: 2,
  });
}, 120_000);
afterAll(() => system.stop());

describe('slipway launch', () => {
  it('follows a run to its end and exits with its result', async () => {
    const good = await system.cli([
      'launch',
      '-q',
      'limits',
      '--set-var',
      'size=large',
      '--entry-point',
      `sh -c 'echo "size=$SIZE"'`,
      '--follow',
    ]);
    expect(good.stdout).toBe('size=large\n');
    expect(good.code).toBe(0);
    const bad = await system.cli([
      'launch',
      '-q',
      'limits',
      '--entry-point',
      `sh -c 'echo oops; exit 3'`,
      '--follow',
    ]);
    expect(bad.stdout).toBe('oops\n');
    expect(bad.code).toBe(1);
  });

  it('is refused with exit code 3, the path and the allowed values', async () => {
    const { code, stderr } = await system.cli([
      'launch',
      '-q',
      'limits',
      '--set-var',
      'size=huge',
      '--entry-point',
      'true',
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('templateValues.size');
    expect(stderr).toMatch(/small.*large/);
  });

  it('keeps "=" in values, and shows without launching with --dry-run', async () => {
    const { code, stdout } = await system.cli([
      'launch',
      '-q',
      'limits',
      '--env',
      'A=b=c',
      '--entry-point',
      'true',
      '--dry-run',
      '--json',
    ]);
    expect(code).toBe(0);
    const preview = JSON.parse(stdout) as Preview;
    expect(preview.submission?.text).toContain('b=c');
    expect((await system.cli(['run', 'list', '--json', '--search', 'b=c'])).stdout).toContain('"items": []');
  });

  it('answers wrong usage with 2 and a server that is away with 4', async () => {
    expect((await system.cli(['launch'])).code).toBe(2);
    expect((await system.cli(['launch', '-q', 'limits', '--priority', 'urgent'])).code).toBe(2);
    expect((await system.cli(['queue', 'list'], { baseUrl: 'http://127.0.0.1:1' })).code).toBe(4);
    expect((await system.cli(['queue', 'list'], { key: 'slw_key_wrong' })).code).toBe(3);
  });
});

describe('slipway launch-agent', () => {
  it('makes itself a token from an API key, and keeps it', async () => {
    await createQueue(system, 'by-key', 'local-process');
    const start = () =>
      system.startAgent({
        entity: ENTITY,
        queues: ['by-key'],
        name: 'keyed',
        env: { SLIPWAY_API_KEY: system.apiKey },
      });
    const first = start();
    const { id } = await launch(system, 'by-key', { entrypoint: ['true'] });
    await waitForState(system, id, 'finished');
    expect(await first.kill('SIGTERM')).toBe(0);
    const second = start();
    const again = await launch(system, 'by-key', { entrypoint: ['true'] });
    await waitForState(system, again.id, 'finished');
    await second.kill('SIGTERM');
    const tokens = (await system.cli(['token', 'list', '--json'])).stdout;
    expect(tokens.match(/launch-agent on /g)).toHaveLength(1);
  });
});

describe('slipway launch-agent --check', () => {
  const check = (...more: string[]) =>
    system.cli(['launch-agent', '-e', ENTITY, '-q', 'limits', '--check', ...more]);
  const file = (name: string, content: string) => {
    const config = path.join(system.dir, name);
    writeFileSync(config, content);
    return config;
  };

  it('prints a line for each thing that it tried, and makes no agent', async () => {
    const config = file('noop.yaml', 'builder: { type: noop }\n');
    const { code, stdout } = await check('-c', config);
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual(['CHECK', 'RESULT', 'DETAIL']);
    const results = new Map(rows.slice(1).map(([name, result]) => [name, result]));
    expect(results.get('server and token')).toBe('ok');
    for (const name of [
      'environment',
      'registry push',
      'builder',
      'resource sagemaker',
      'resource gcp-vertex',
    ])
      expect(results.get(name), stdout).toBe('skipped');
    expect(code).toBe(0);
    expect((await system.cli(['agent', 'list', '--json'])).stdout.match(/"name": "agent-1"/g)).toHaveLength(
      1,
    );
  });

  it('exits with 1 when something failed, says what, and with 2 for a file that cannot be right', async () => {
    const config = file(
      'store.yaml',
      `builder: { type: noop, build-context-store: ${path.join(system.dir, 'store.yaml')} }\n`,
    );
    const failed = await check('-c', config, '--json');
    expect(failed.code).toBe(1);
    const { ok, checks } = JSON.parse(failed.stdout) as { ok: boolean; checks: Record<string, string>[] };
    expect(ok).toBe(false);
    expect(checks.find(({ check: name }) => name === 'store write, read and delete')?.['result']).toBe(
      'failed',
    );
    const wrong = await check('-c', file('wrong.yaml', 'builder: { typ: noop }\n'));
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/typ.*type/);
  });
});

describe('the other commands', () => {
  it('make, show, pause and delete a queue', async () => {
    expect(
      (await system.cli(['queue', 'create', 'made', '-r', 'local-process', '--prioritized'])).stdout,
    ).toBe(`${ENTITY}/made\n`);
    expect((await system.cli(['queue', 'pause', 'made', '--note', 'GPU driver update'])).code).toBe(0);
    const { stdout } = await system.cli([
      'launch',
      '-q',
      'made',
      '--entry-point',
      'true',
      '--priority',
      'high',
      '--json',
    ]);
    const run = JSON.parse(stdout) as Run;
    expect(run.waiting?.message).toContain('GPU driver update');
    expect((await system.cli(['queue', 'delete', 'made'])).code).toBe(3);
    expect((await system.cli(['queue', 'delete', 'made', '--force'])).code).toBe(0);
    expect((await system.cli(['run', 'show', run.id])).stdout).toContain('stopped');
  });

  it('list agents, make jobs and launch them', async () => {
    expect((await system.cli(['agent', 'list'])).stdout).toContain('agent-1');
    expect((await system.cli(['job', 'create', 'image', 'train', 'busybox:1'])).stdout).toBe('train:v0\n');
    expect((await system.cli(['job', 'create', 'image', 'train', 'busybox:2'])).stdout).toBe('train:v1\n');
    expect((await system.cli(['job', 'show', 'train'])).stdout).toContain('busybox:2');
  });
});
