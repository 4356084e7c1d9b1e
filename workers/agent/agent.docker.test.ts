import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentProgram, until } from './testing/child';
import { FakeServer, type FakeRun } from './testing/fake-server';
import { buildTestImage, docker } from './testing/image';
import { testSpec } from './testing/spec';

const shell = (script: string) => ['/bin/sh', '-c', script];
const states = (run: FakeRun) => run.events.flatMap(({ state }) => state ?? []);
const FINAL = ['finished', 'failed', 'stopped'];
const ended = (run: FakeRun) =>
  until(
    () => FINAL.includes(run.state),
    () => `${run.id} is ${run.state}\n${agent.log()}`,
    40_000,
  );
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');

let image: string;
let server: FakeServer;
let program: AgentProgram;
let agent: ReturnType<AgentProgram['start']>;
beforeAll(async () => {
  [image, program] = await Promise.all([buildTestImage(), AgentProgram.build()]);
});
afterAll(() => program.remove());
beforeEach(async () => {
  server = new FakeServer();
  await server.start();
});
afterEach(async () => {
  agent.kill('SIGKILL');
  await agent.ended;
  for (const { id } of server.runs)
    await docker('rm', '--force', '--volumes', `slipway-${id}`).catch(() => undefined);
  await server.stop();
});

const container = (script: string, overrides: Parameters<typeof testSpec>[0] = {}) =>
  testSpec({
    resource: 'local-container',
    image,
    config: { network: 'none' },
    entrypoint: shell(script),
    ...overrides,
  });

describe('a container run', () => {
  it('gets options, arguments, variables and secrets, and is removed afterwards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-volume-'));
    const config = {
      network: 'none',
      env: ['MY_ENV_VAR=value', 'MY_EXISTING_ENV_VAR', 'SLIPWAY_AGENT_TOKEN'],
      volume: `${folder}:/data`,
      rm: true,
    };
    const run = server.enqueue(
      container(
        'echo "$1|$MY_ENV_VAR|$MY_EXISTING_ENV_VAR|$SLIPWAY_RUN_ID|${SLIPWAY_AGENT_TOKEN-none}|$KEY"; echo kept >/data/file',
        {
          config,
          args: ['sh', 'a b;$(id)'],
        },
      ),
      { KEY: 'line-one\nline-two' },
    );
    agent = program.start(server, { MY_EXISTING_ENV_VAR: 'from the agent' });
    await ended(run);
    expect(states(run)).toEqual(['starting', 'running', 'finished']);
    expect(run.log.toString()).toBe(`a b;$(id)|value|from the agent|${run.id}|none|***\n`);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept\n');
    const gone = () => docker('ps', '--all', '--quiet', '--filter', `label=slipway.dev/run-id=${run.id}`);
    for (let tries = 0; tries < 50 && (await gone()) !== ''; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await gone()).toBe('');
    expect(JSON.stringify(run.events)).not.toContain('line-one');
    await rm(folder, { recursive: true, force: true });
  });

  it('fails with exit code, missing command, missing image or wrong option, each told apart', async () => {
    const failing = server.enqueue(container('echo bad >&2; exit 3'));
    const missing = server.enqueue(container('', { entrypoint: ['/bin/no-such-program'] }));
    const noImage = server.enqueue(container('', { image: 'slipway-test-no-such-image:1' }));
    const option = server.enqueue(container('', { config: { memory: 'lots' } }));
    agent = program.start(server);
    await Promise.all([failing, missing, noImage, option].map(ended));
    const failure = (run: FakeRun) => run.events.at(-1)?.data;
    expect(failure(failing)).toMatchObject({ phase: 'run', category: 'user-error', exitCode: 3 });
    expect(failing.log.toString()).toBe('bad\n');
    expect(failure(missing)).toMatchObject({ category: 'user-error', exitCode: 127 });
    expect(failure(missing)?.['message']).toContain('no-such-program');
    expect(failure(noImage)).toMatchObject({ phase: 'submit', category: 'image-pull' });
    expect(failure(option)).toMatchObject({ phase: 'submit', category: 'config' });
    expect(failure(option)?.['message']).toContain('lots');
  });

  it('ends on SIGTERM when it is stopped, and by SIGKILL when it does not listen', async () => {
    const polite = server.enqueue(
      container('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.1; done'),
    );
    const deaf = server.enqueue(
      container('trap "" TERM; echo up; while :; do sleep 0.1; done', { stopGraceSeconds: 1 }),
    );
    agent = program.start(server);
    await until(
      () => [polite, deaf].every((run) => run.log.includes('up')),
      () => agent.log(),
    );
    server.stopRun(polite);
    server.stopRun(deaf);
    await Promise.all([ended(polite), ended(deaf)]);
    expect(polite.state).toBe('stopped');
    expect(polite.log.toString()).toBe('up\nbye\n');
    expect(deaf.state).toBe('stopped');
    expect(deaf.events.at(-1)?.data).toMatchObject({ forced: true, exitCode: 137 });
  });

  it('that takes too much memory fails as oom', async () => {
    const run = server.enqueue(
      container('', {
        entrypoint: ['/bin/tail', '/dev/zero'],
        config: { network: 'none', memory: '16m', 'memory-swap': '16m' },
      }),
    );
    agent = program.start(server);
    await ended(run);
    expect(run.events.at(-1)?.data).toMatchObject({ phase: 'run', category: 'oom' });
  });

  it('is adopted after a kill -9 of the agent: the same container, no gap, no doubled line, finished once', async () => {
    const run = server.enqueue(
      container('i=0; while [ $i -lt 600 ]; do echo "line $i"; i=$((i+1)); usleep 10000; done'),
    );
    let id = '';
    for (const line of ['line 40\n', 'line 150\n', 'line 320\n']) {
      agent = program.start(server);
      await until(
        () => run.log.includes(line),
        () => agent.log(),
      );
      agent.kill('SIGKILL');
      await agent.ended;
      const now = await docker('ps', '--quiet', '--filter', `label=slipway.dev/run-id=${run.id}`);
      expect(now).not.toBe('');
      if (id) expect(now).toBe(id);
      id = now;
    }
    agent = program.start(server);
    await ended(run);
    expect(run.log.toString()).toBe(lines(600));
    expect(states(run)).toEqual(['starting', 'running', 'finished']);
  });

  it('has a whole log over a kill -9 with lines of a megabyte on both streams', async () => {
    const script = `
      big=$(head -c 1048576 /dev/zero | tr '\\0' x)
      for i in 1 2 3 4 5 6; do echo "$i$big"; echo "e$i" >&2; sleep 0.4; done`;
    const run = server.enqueue(container(script));
    for (let kills = 0; kills < 3; kills++) {
      const before = run.log.length;
      agent = program.start(server);
      await until(
        () => run.log.length > before + 700_000,
        () => agent.log(),
      );
      agent.kill('SIGKILL');
      await agent.ended;
    }
    agent = program.start(server);
    await ended(run);
    const text = run.log.toString();
    expect(text.length).toBe(6 * (2 ** 20 + 2) + 6 * 3);
    const out = text.replace(/e\d\n/g, '');
    expect(out.match(/\dx+\n/g)?.map((line) => line[0])).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(text.match(/e\d\n/g)).toEqual(['e1\n', 'e2\n', 'e3\n', 'e4\n', 'e5\n', 'e6\n']);
  });

  it('that was removed by hand fails as deleted', async () => {
    const run = server.enqueue(container('echo up; sleep 100'));
    agent = program.start(server);
    await until(
      () => run.log.includes('up'),
      () => agent.log(),
    );
    await docker('rm', '--force', `slipway-${run.id}`);
    await ended(run);
    expect(run.events.at(-1)?.data).toMatchObject({ phase: 'run', category: 'deleted' });
  });

  it('is created anew for a retry, although the old container is still there', async () => {
    const run = server.enqueue(container('echo again; exit 1'));
    agent = program.start(server);
    await ended(run);
    server.requeue(run);
    await until(
      () => states(run).filter((state) => state === 'failed').length === 2,
      () => agent.log(),
      40_000,
    );
    expect(run.log.toString()).toBe('again\nagain\n');
  });
});

it('a run whose engine is away fails with start-timeout, and says meanwhile why it waits', async () => {
  const run = server.enqueue(container('echo up', { startTimeoutSeconds: 2 }));
  agent = program.start(server, { DOCKER_HOST: 'unix:///nonexistent.sock' });
  await ended(run);
  const warnings = run.events.filter(({ data }) => data['kind'] === 'warning');
  expect(JSON.stringify(warnings)).toContain('No Docker engine answers');
  expect(run.events.at(-1)?.data).toMatchObject({ phase: 'submit', category: 'start-timeout' });
});
