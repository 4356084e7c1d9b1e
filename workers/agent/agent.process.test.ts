import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentProgram, until } from './testing/child';
import { FakeServer, type FakeRun } from './testing/fake-server';
import { GitServer } from './testing/git-server';
import { testSpec } from './testing/spec';

const shell = (script: string) => ['/bin/sh', '-c', script];
const states = (run: FakeRun) => run.events.flatMap(({ state }) => state ?? []);
const FINAL = ['finished', 'failed', 'stopped'];
const ended = (run: FakeRun) =>
  until(
    () => FINAL.includes(run.state),
    () => `${run.id} is ${run.state}\n${agent.log()}`,
  );

let server: FakeServer;
let program: AgentProgram;
let agent: ReturnType<AgentProgram['start']>;
beforeAll(async () => {
  program = await AgentProgram.build();
});
afterAll(() => program.remove());
beforeEach(async () => {
  server = new FakeServer();
  await server.start();
});
afterEach(async () => {
  server.intercept = () => undefined;
  agent.kill('SIGKILL');
  await agent.ended;
  await server.stop();
});

describe('a process run', { timeout: 60_000 }, () => {
  it('gets arguments, its own variables and secrets, and nothing of the agent', async () => {
    const run = server.enqueue(
      testSpec({
        entrypoint: shell(
          'echo "$1|$FOO|$SLIPWAY_RUN_ID|${SLIPWAY_AGENT_TOKEN-none}|${TEST_PRIVATE-none}"; echo "key $API_PASSWORD" >&2; env',
        ),
        args: ['x', 'a b;$(id)'],
        env: { FOO: 'a "quoted"\nvalue' },
      }),
      { API_PASSWORD: 'hunter2-hunter2' },
    );
    agent = program.start(server, { TEST_PRIVATE: 'leaked-value' });
    await ended(run);
    expect(states(run)).toEqual(['starting', 'running', 'finished']);
    const log = run.log.toString();
    expect(log).toContain(`a b;$(id)|a "quoted"\nvalue|${run.id}|none|none\n`);
    expect(log).toContain('key ***\n');
    expect(log).not.toMatch(/hunter2|leaked-value|slw_agent_test/);
    expect(JSON.stringify(run.events)).not.toContain('hunter2');
  });

  it('fails with its exit code, or for a command that is not there with advice', async () => {
    const failing = server.enqueue(testSpec({ entrypoint: shell('echo no >&2; exit 3') }));
    const missing = server.enqueue(testSpec({ entrypoint: ['no-such-program'] }));
    const nowhere = server.enqueue(testSpec({ config: { cwd: '/no/such/directory' } }));
    agent = program.start(server);
    await Promise.all([ended(failing), ended(missing), ended(nowhere)]);
    expect(failing.events.at(-1)?.data).toMatchObject({ phase: 'run', category: 'user-error', exitCode: 3 });
    expect(failing.log.toString()).toBe('no\n');
    expect(missing.events.at(-1)?.data).toMatchObject({ category: 'user-error', exitCode: 127 });
    expect(missing.events.at(-1)?.data['message']).toContain('no-such-program was not found');
    expect(nowhere.events.at(-1)?.data).toMatchObject({ phase: 'submit', category: 'config' });
  });

  it('keeps every byte of a log with binary data and lines of a megabyte', async () => {
    const run = server.enqueue(
      testSpec({
        entrypoint: [
          'node',
          '-e',
          'process.stdout.write(Buffer.from(Array.from({length:256},(_,i)=>i)));process.stdout.write("x".repeat(2**20)+"\\n")',
        ],
      }),
    );
    agent = program.start(server);
    await ended(run);
    const expected = Buffer.concat([
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      Buffer.from(`${'x'.repeat(2 ** 20)}\n`),
    ]);
    expect(run.log.equals(expected)).toBe(true);
  });

  it('ends on SIGTERM when it is stopped, and by SIGKILL when it does not listen', async () => {
    const polite = server.enqueue(
      testSpec({ entrypoint: shell('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.1; done') }),
    );
    const deaf = server.enqueue(
      testSpec({
        entrypoint: shell('trap "" TERM; echo up; while :; do sleep 0.1; done'),
        stopGraceSeconds: 1,
      }),
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
    expect(polite.log.toString()).toContain('up\nbye\n');
    expect(polite.events.at(-1)?.data).toMatchObject({ forced: false });
    expect(deaf.state).toBe('stopped');
    expect(deaf.events.at(-1)?.data).toMatchObject({ forced: true, exitCode: 137 });
  });

  it('goes on over a kill -9 of the agent, with no gap and no doubled line, and finishes once', async () => {
    const run = server.enqueue(
      testSpec({
        entrypoint: shell('i=0; while [ $i -lt 400 ]; do echo "line $i"; i=$((i+1)); sleep 0.01; done'),
      }),
    );
    for (const line of ['line 30\n', 'line 120\n', 'line 200\n']) {
      agent = program.start(server);
      await until(
        () => run.log.includes(line),
        () => agent.log(),
      );
      agent.kill('SIGKILL');
      await agent.ended;
    }
    agent = program.start(server);
    await ended(run);
    expect(run.log.toString()).toBe(Array.from({ length: 400 }, (_, i) => `line ${i}\n`).join(''));
    expect(states(run)).toEqual(['starting', 'running', 'finished']);
    expect(run.attempt).toBe(4);
  });

  it('takes up what ended while there was no agent', async () => {
    const run = server.enqueue(testSpec({ entrypoint: shell('echo one; sleep 0.7; echo two; exit 4') }));
    agent = program.start(server);
    await until(
      () => run.log.includes('one'),
      () => agent.log(),
    );
    agent.kill('SIGKILL');
    await agent.ended;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    agent = program.start(server);
    await ended(run);
    expect(run.log.toString()).toBe('one\ntwo\n');
    expect(run.events.at(-1)).toMatchObject({ state: 'failed', data: { exitCode: 4 } });
  });

  it('goes on over a server that is away, and its log arrives whole', async () => {
    const run = server.enqueue(
      testSpec({
        entrypoint: shell('i=0; while [ $i -lt 150 ]; do echo "line $i"; i=$((i+1)); sleep 0.01; done'),
      }),
    );
    agent = program.start(server);
    await until(
      () => run.log.includes('line 10\n'),
      () => agent.log(),
    );
    await server.stop();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await server.start();
    await ended(run);
    expect(run.log.toString()).toBe(Array.from({ length: 150 }, (_, i) => `line ${i}\n`).join(''));
  });

  it('appends to the log when it is run again, and starts anew', async () => {
    const run = server.enqueue(
      testSpec({ entrypoint: shell('echo "run in $(pwd)" >note; echo again; exit 1') }),
    );
    agent = program.start(server);
    await ended(run);
    server.requeue(run);
    await until(
      () => states(run).filter((state) => state === 'failed').length === 2,
      () => agent.log(),
    );
    expect(run.log.toString()).toBe('again\nagain\n');
  });

  it('of a git job runs in a fresh copy of its source, without a build, and nothing of it stays', async () => {
    const gits = await GitServer.start();
    const commit = await gits.commit('job', {
      'work/train.sh': 'pwd; cat data.txt; echo x >left',
      'work/data.txt': 'data\n',
    });
    const source = { type: 'git' as const, repository: gits.http('job'), ref: commit, directory: 'work' };
    const run = server.enqueue(testSpec({ source, entrypoint: ['sh', 'train.sh'] }));
    agent = program.start(server, { DOCKER_HOST: 'unix:///nonexistent.sock' });
    await ended(run);
    await gits.stop();
    expect(states(run)).toEqual(['starting', 'running', 'finished']);
    expect(run.log.toString()).toBe(`${join(program.stateDirectory, 'runs', run.id, 'work')}\ndata\n`);
    await until(() => !existsSync(join(program.stateDirectory, 'runs', run.id)), 'the copy is still there');
    expect(await readdir(join(program.stateDirectory, 'builds')).catch(() => [])).toEqual([]);
  });

  it('of uploaded code goes on in its copy over a kill -9 of the agent', async () => {
    const archive = pack();
    archive.entry({ name: 'train.sh' }, 'echo up; while ! [ -e go ]; do sleep 0.1; done; cat data.txt');
    archive.entry({ name: 'data.txt' }, 'data\n');
    archive.finalize();
    const bytes = gzipSync(await buffer(archive));
    const artifact = createHash('sha256').update(bytes).digest('hex');
    server.artifacts.set(artifact, bytes);
    const run = server.enqueue(
      testSpec({ source: { type: 'code', artifact }, entrypoint: ['sh', 'train.sh'] }),
    );
    agent = program.start(server);
    await until(
      () => run.log.includes('up'),
      () => agent.log(),
    );
    agent.kill('SIGKILL');
    await agent.ended;
    agent = program.start(server);
    await until(
      () => run.events.some(({ data }) => data['kind'] === 'adopted'),
      () => agent.log(),
    );
    await writeFile(join(program.stateDirectory, 'runs', run.id, 'work', 'go'), '');
    await ended(run);
    expect(run.log.toString()).toBe('up\ndata\n');
    await until(() => !existsSync(join(program.stateDirectory, 'runs', run.id)), 'the copy is still there');
  });

  it('whose source cannot be had fails in phase build', async () => {
    const run = server.enqueue(testSpec({ source: { type: 'git', repository: 'file:///nowhere/at-all' } }));
    agent = program.start(server);
    await ended(run);
    expect(run.events.at(-1)?.data).toMatchObject({ phase: 'build', category: 'build' });
  });

  it('with a git source and no builder fails in phase build and says what to set', async () => {
    const run = server.enqueue(
      testSpec({
        resource: 'local-container',
        source: { type: 'git', repository: 'https://example.com/x.git' },
        entrypoint: null,
      }),
    );
    agent = program.start(server, { DOCKER_HOST: 'unix:///nonexistent.sock' });
    await ended(run);
    expect(run.events.at(-1)?.data).toMatchObject({ phase: 'build', category: 'config' });
    expect(run.events.at(-1)?.data['message']).toContain('builder.type');
  });
});

describe('an agent', { timeout: 60_000 }, () => {
  it('never runs more than max_jobs at once', async () => {
    const runs = Array.from({ length: 5 }, () =>
      server.enqueue(testSpec({ entrypoint: shell('sleep 0.3') })),
    );
    agent = program.start(server, { TEST_MAX_JOBS: '2' });
    let most = 0;
    await until(
      () => {
        most = Math.max(
          most,
          runs.filter(({ state }) => ['leased', 'starting', 'running'].includes(state)).length,
        );
        return runs.every(({ state }) => state === 'finished');
      },
      () => agent.log(),
    );
    expect(most).toBe(2);
  });

  it('ends after SIGTERM when its runs have ended, and takes no more', async () => {
    const run = server.enqueue(testSpec({ entrypoint: shell('echo up; sleep 1') }));
    agent = program.start(server);
    await until(
      () => run.log.includes('up'),
      () => agent.log(),
    );
    agent.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const late = server.enqueue(testSpec());
    expect(await agent.ended).toBe(0);
    expect(run.state).toBe('finished');
    expect(late.state).toBe('pending');
    expect(server.goodbyes).toBe(1);
  });

  it('ends at once after a second SIGTERM and leaves its run going, which the next one adopts', async () => {
    const run = server.enqueue(testSpec({ entrypoint: shell('echo up; sleep 2; echo done') }));
    agent = program.start(server);
    await until(
      () => run.log.includes('up'),
      () => agent.log(),
    );
    agent.kill('SIGTERM');
    await until(() => agent.log().includes('Taking no more work'), 'drain');
    agent.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    expect(run.state).toBe('running');
    agent = program.start(server);
    await ended(run);
    expect(run.log.toString()).toBe('up\ndone\n');
  });

  it('obeys drain and stop from the server', async () => {
    const run = server.enqueue(testSpec({ entrypoint: shell('echo up; sleep 30') }));
    agent = program.start(server);
    await until(
      () => run.log.includes('up'),
      () => agent.log(),
    );
    server.command = 'stop';
    expect(await agent.ended).toBe(0);
    expect(run.state).toBe('stopped');
  });

  it('ends with a clear message when another process has its instance id', async () => {
    agent = program.start(server);
    await until(
      () => server.session === 1,
      () => agent.log(),
    );
    server.session += 1;
    expect(await agent.ended).toBe(1);
    expect(agent.log()).toContain('Another process has registered with the instance id');
  });

  it('ends with exit code 3 when its token is revoked', async () => {
    agent = program.start(server);
    await until(
      () => server.session === 1,
      () => agent.log(),
    );
    server.intercept = () => 401;
    expect(await agent.ended).toBe(3);
    expect(agent.log()).not.toContain(server.token);
  });

  it('registers again when the server has forgotten it, and keeps its run', async () => {
    const run = server.enqueue(testSpec({ entrypoint: shell('echo up; sleep 1.5; echo done') }));
    agent = program.start(server);
    await until(
      () => run.log.includes('up'),
      () => agent.log(),
    );
    server.known = false;
    await ended(run);
    expect(server.session).toBe(2);
    expect(run.log.toString()).toBe('up\ndone\n');
    expect(states(run)).toEqual(['starting', 'running', 'finished']);
  });

  it('is refused a second time over one state directory', async () => {
    agent = program.start(server);
    await until(
      () => server.session === 1,
      () => agent.log(),
    );
    const second = program.start(server);
    expect(await second.ended).toBe(2);
    expect(second.log()).toContain('uses the state directory');
  });
});
