import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent, AgentToken, Page, Queue, QueueMetrics, Run, RunSummary } from '@/core/wire';
import { BareAgent } from '../support/bare-agent';
import { ADMIN, System } from '../support/system';
import { createQueue, ENTITY, launch } from './support';

let system: System;
let agent: BareAgent;
let failed: Run;
let finished: Run;
/** Runs the command line, which must succeed. */
async function slipway(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await system.cli(args);
  expect(code, `slipway ${args.join(' ')}\n${stderr}`).toBe(0);
  return stdout;
}
const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await slipway(...args, '--json')) as T;

beforeAll(async () => {
  // The agent here says nothing between its reports, and is not to be taken for lost.
  system = await System.start({ env: { SLIPWAY_HEARTBEAT_SECONDS: '600', SLIPWAY_LEASE_SECONDS: '3600' } });
  await createQueue(system, 'lab', 'local-process', { prioritized: true });
  agent = await new BareAgent(system.baseUrl, await system.agentToken(ENTITY)).register(['lab'], 'bare');
  failed = await launch(system, 'lab', { name: 'one', entrypoint: ['true'], labels: ['sweep'] });
  finished = await launch(system, 'lab', { name: 'two', entrypoint: ['false'], args: ['x'] });
  for (const run of await agent.lease(2)) {
    await agent.report(
      run,
      {
        state: 'starting',
        externalRef: 'job-1',
        submission: {
          kind: 'process',
          format: 'argv',
          argv: ['run', run.id],
          text: `run ${run.id}`,
          origins: {},
        },
      },
      { state: 'running' },
      { kind: 'parts', parts: [{ name: 'worker-0', kind: 'pod', state: 'Running' }], total: 1 },
    );
    await agent.log(run, 'first\nValueError: bad\nlast\n');
    await agent.report(
      run,
      run.id === failed.id
        ? { state: 'failed', phase: 'run', category: 'user-error', message: 'exit code 1', exitCode: 1 }
        : { state: 'finished', exitCode: 0 },
    );
  }
}, 120_000);
afterAll(() => system.stop());

describe('what the pages of runs show', () => {
  it('is in lists, the histogram and saved views, by the same filters', async () => {
    const ids = async (...args: string[]) =>
      (await json<Page<RunSummary>>('run', 'list', ...args)).items.map(({ id }) => id);
    expect(await ids('--state', 'failed', '--from', '1h')).toEqual([failed.id]);
    expect(await ids('--to', '1h')).toEqual([]);
    const { bins } = await json<{ bins: { failed: number; finished: number }[] }>(
      'run',
      'histogram',
      '--queue',
      'lab',
    );
    expect(bins.reduce((sum, bin) => sum + bin.failed + bin.finished, 0)).toBe(2);
    await slipway('run', 'view', 'save', 'broken', '--state', 'failed');
    expect(await slipway('run', 'view', 'list')).toMatch(/^broken .*state=failed$/m);
    expect(await ids('--view', 'broken')).toEqual([failed.id]);
    await slipway('run', 'view', 'delete', 'broken');
    expect((await system.cli(['run', 'list', '--view', 'broken'])).code).toBe(2);
  });

  it('is told of one run: events, submission, parts, hits in its log; and of two how they differ', async () => {
    expect(await slipway('run', 'events', failed.id)).toMatch(/failed .*exit code 1/);
    expect(await slipway('run', 'submission', failed.id)).toBe(`run ${failed.id}\n`);
    expect(await slipway('run', 'parts', failed.id)).toMatch(/^worker-0 +pod +Running$/m);
    expect(await slipway('run', 'search', failed.id, 'valueerror', '-C', '1')).toBe(
      '1- first\n2: ValueError: bad\n3- last\n--\n',
    );
    const { launch: changed } = await json<{ launch: { path: string }[] }>(
      'run',
      'compare',
      failed.id,
      finished.id,
    );
    expect(changed.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['entrypoint[0]', 'args[0]', 'labels[0]']),
    );
  });

  it('can be changed: many at once, or one that waits', async () => {
    const waiting = await launch(system, 'lab', { entrypoint: ['true'], labels: ['later'] });
    expect((await json<Run>('run', 'update', waiting.id, '--priority', 'low')).priority).toBe('low');
    expect(
      await slipway('run', 'bulk', 'priority', '--label', 'later', '--priority', 'high', '--dry-run'),
    ).toBe('1 runs\n');
    expect((await json<Run>('run', 'show', waiting.id)).priority).toBe('low');
    expect(await slipway('run', 'bulk', 'stop', '--label', 'later')).toBe('1 of 1 runs changed.\n');
    expect((await json<Run>('run', 'show', waiting.id)).state).toBe('stopped');
    expect((await system.cli(['run', 'bulk', 'stop'])).code).toBe(2);
  });
});

describe('what the pages of a queue show', () => {
  it('is in its figures', async () => {
    expect(await slipway('queue', 'overview')).toMatch(/^queues +1$/m);
    const { points, failures } = await json<QueueMetrics>(
      'queue',
      'metrics',
      'lab',
      '--from',
      '1h',
      '--group',
      'author',
    );
    expect(points.reduce((sum, point) => sum + point.started, 0)).toBe(2);
    expect(failures).toMatchObject([{ name: 'user-error', failed: 1 }]);
    expect(await slipway('queue', 'timeline', 'lab', '--from', '1h')).toMatch(/^bare +\S+ +one +failed/m);
    expect(await slipway('queue', 'list', '--search', 'lab')).toMatch(/^lab .* active$/m);
  });

  it('are its versions, which can be compared and brought back, and its secrets by name', async () => {
    await system.api()('PATCH', `/api/v1/entities/${ENTITY}/queues/lab`, {
      config: { format: 'json', source: '{"env":{"A":"1"}}' },
      note: 'with A',
    });
    expect(await slipway('queue', 'versions', 'lab')).toMatch(/^v2 .*with A$/m);
    expect(await slipway('queue', 'diff', 'lab', '1', 'v2')).toContain('"A":"1"');
    expect((await json<Queue>('queue', 'restore', 'lab', '1')).version).toBe(3);
    await system.api()('PUT', `/api/v1/entities/${ENTITY}/queues/lab/secrets/TOKEN`, { value: 'hidden' });
    const listed = await slipway('queue', 'secret', 'list', 'lab');
    expect(listed).toMatch(/^TOKEN /m);
    expect(listed).not.toContain('hidden');
    await slipway('queue', 'secret', 'delete', 'lab', 'TOKEN');
  });
});

describe('what the other pages show', () => {
  it('pauses an agent for a time, with a note, and shows it', async () => {
    expect(await slipway('agent', 'pause', 'bare', '--note', 'GPU driver', '--minutes', '30')).toBe(
      'bare is paused.\n',
    );
    const paused = await json<Agent & { past: unknown[] }>('agent', 'show', 'bare');
    expect(paused).toMatchObject({ status: 'paused', pauseNote: 'GPU driver' });
    const left = Date.parse(paused.pausedUntil ?? '') - Date.now();
    expect(left).toBeGreaterThan(20 * 60_000);
    expect(left).toBeLessThanOrEqual(31 * 60_000);
    expect(paused.past).toHaveLength(2);
    expect((await system.cli(['agent', 'pause', 'bare', '--minutes', 'soon'])).code).toBe(2);
    await slipway('agent', 'resume', 'bare');
    expect(await json('agent', 'settings', '--pause-sick', 'on')).toEqual({ pauseSick: true });
    expect(await json('agent', 'settings')).toEqual({ pauseSick: true });
  });

  it('rotates a token: the new one works, the old one goes on and is marked', async () => {
    const old = await json<AgentToken & { token: string }>('token', 'create', 'nightly', '-q', 'lab');
    const fresh = await json<AgentToken & { token: string }>('token', 'rotate', old.id);
    expect(fresh).toMatchObject({ name: 'nightly', queues: ['lab'] });
    expect(fresh.token).not.toBe(old.token);
    for (const token of [old.token, fresh.token])
      await new BareAgent(system.baseUrl, token).register(['lab'], 'nightly');
    const { items } = await json<Page<AgentToken>>('token', 'list');
    expect(items.find(({ id }) => id === old.id)?.replaced).toBe(true);
    const ends = Date.parse(items.find(({ id }) => id === old.id)?.expiresAt ?? '') - Date.now();
    expect(ends).toBeGreaterThan(20 * 3_600_000);
    expect(ends).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('knows who one is, who belongs to the entity, what keys there are and who did what', async () => {
    expect(await slipway('whoami')).toMatch(new RegExp(`^${ENTITY} +user +admin$`, 'm'));
    await system.api()('POST', '/api/v1/users', {
      ...ADMIN,
      email: 'robin@example.test',
      username: 'robin',
      name: 'Robin',
    });
    await system.api()('POST', '/api/v1/entities', { name: 'team' });
    await slipway('member', 'set', 'robin@example.test', '--role', 'viewer', '-e', 'team');
    expect(await slipway('member', 'list', '-e', 'team')).toMatch(/^robin@example\.test +Robin +viewer/m);
    await slipway('member', 'remove', 'robin@example.test', '-e', 'team');
    expect(await slipway('member', 'list', '-e', 'team')).not.toContain('robin');
    expect(await slipway('user', 'list')).toContain('robin@example.test');
    const key = (await slipway('key', 'create', 'script')).trim();
    expect((await system.cli(['whoami'], { key })).code).toBe(0);
    const { items } = await json<{ items: { id: string; name: string }[] }>('key', 'list');
    await slipway('key', 'revoke', items.find(({ name }) => name === 'script')?.id ?? '');
    expect((await system.cli(['whoami'], { key })).code).toBe(3);
    expect(await slipway('audit', 'list', '-e', 'team', '--action', 'member.add', '--from', '1h')).toContain(
      'robin',
    );
    expect((await slipway('audit', 'export')).split('\n').length).toBeGreaterThan(3);
  });

  it('are versions of a job, and what changed between two', async () => {
    await slipway('job', 'create', 'image', 'train', 'busybox:1');
    await slipway('job', 'create', 'image', 'train', 'busybox:2', '-a', 'prod');
    expect(await slipway('job', 'diff', 'train', 'v0', 'prod')).toMatch(
      /^source\.image +busybox:1 +busybox:2$/m,
    );
  });
});

describe('what follows is live', () => {
  it('copies each line once and in order, and ends with the run', async () => {
    const run = await launch(system, 'lab', { entrypoint: ['true'] });
    const following = system.cli(['run', 'logs', run.id, '-f']);
    const [leased] = await agent.lease();
    if (!leased) throw new Error('nothing was leased');
    await agent.report(leased, { state: 'starting' }, { state: 'running' });
    for (let n = 0; n < 20; n += 1) await agent.log(leased, `line ${n}\n`);
    await agent.report(leased, { state: 'finished', exitCode: 0 });
    const { code, stdout, stderr } = await following;
    expect(code).toBe(0);
    expect(stdout).toBe(Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join(''));
    // Plain lines where nobody looks: no colour, nothing that moves.
    expect(stderr).toMatch(/ {2}finished\n$/);
    // eslint-disable-next-line no-control-regex -- looks for just these
    expect(stderr).not.toMatch(/[\u001b\r]/);
  });
});
