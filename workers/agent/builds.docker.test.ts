import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BreakingRegistry, type RegistryFault } from './testing/breaking-registry';
import { AgentProgram, until } from './testing/child';
import { FakeServer, type FakeRun } from './testing/fake-server';
import { FullEngine } from './testing/full-engine';
import { GitServer } from './testing/git-server';
import { buildPythonImage, buildTestImage, docker, findBuildKit } from './testing/image';
import { buildRealPythonImage, realPythonMissing } from './testing/python-image';
import { TestRegistry } from './testing/registry';
import { testSpec } from './testing/spec';

const FINAL = ['finished', 'failed', 'stopped'];
const repositories = new Set<string>();
let base: string;
let python: string;
let registry: TestRegistry;
let gits: GitServer;
let program: AgentProgram;
let server: FakeServer;
let agent: ReturnType<AgentProgram['start']>;
let folder: string;

beforeAll(async () => {
  base = await buildTestImage();
  [python, registry, gits, program] = await Promise.all([
    buildPythonImage(),
    TestRegistry.start(),
    GitServer.start(),
    AgentProgram.build(),
  ]);
});
afterAll(async () => {
  await Promise.all([program.remove(), registry.stop(), gits.stop()]);
  for (const repository of repositories) await removeImages(repository);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-builds-'));
  server = new FakeServer();
  await server.start();
});
afterEach(async () => {
  agent.kill('SIGKILL');
  await agent.ended;
  for (const { id } of server.runs)
    await docker('rm', '--force', '--volumes', `slipway-${id}`).catch(() => undefined);
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function removeImages(repository: string): Promise<void> {
  const ids = new Set((await docker('images', '--quiet', repository)).split('\n').filter(Boolean));
  for (const id of ids) await docker('rmi', '--force', id);
}

/** Starts an agent whose file has these lines under `builder`. */
async function start(builder: string, env: Record<string, string> = {}): Promise<void> {
  const file = join(folder, 'config.yaml');
  await writeFile(file, `builder:\n${builder.replaceAll(/^/gm, '  ')}\n`);
  agent = program.start(server, { SLIPWAY_LAUNCH_CONFIG: file, ...env });
}
const destination = (repository: string) => {
  repositories.add(`${registry.host}/${repository}`);
  return `${registry.host}/${repository}`;
};
const job = (repository: string, rest: Parameters<typeof testSpec>[0] = {}, source: object = {}) =>
  testSpec({
    resource: 'local-container',
    config: { network: 'none' },
    source: { type: 'git', repository, ...source },
    entrypoint: ['python', 'train.py'],
    builder: { acceleratorBaseImage: python },
    ...rest,
  });
const ended = (run: FakeRun, patienceMs = 50_000) =>
  until(
    () => FINAL.includes(run.state),
    () => `${run.id} is ${run.state}\n${run.log.toString()}\n${agent.log()}`,
    patienceMs,
  );
const states = (run: FakeRun) => run.events.flatMap(({ state }) => state ?? []);
const built = (run: FakeRun) =>
  run.events.find(({ data }) => data['kind'] === 'image')?.data['build'] as
    Record<string, unknown> | undefined;
const failure = (run: FakeRun) => run.events.at(-1)?.data;

describe('a git job', () => {
  it.each(['file', 'http'] as const)(
    'is fetched over %s, built, pushed and run; the next time it is only run; a changed byte builds again',
    async (way) => {
      // The engine may have layers of an earlier run of the test.
      const unique = Date.now().toString(36);
      const name = `train-${way}`;
      const files = {
        'requirements.txt': `numpy==2.1 # ${way} ${unique}\n`,
        'train.py': 'cat /env/installed; id -u; cat data/x.txt; echo "seed 1"\n',
        'data/x.txt': 'data\n',
      };
      const commit = await gits.commit(name, files);
      const url = way === 'file' ? gits.file(name) : gits.http(name);
      await start(`type: docker\ndestination: ${destination(name)}`);
      const first = server.enqueue(job(url, {}, { ref: 'main' }));
      await ended(first);
      expect(states(first), first.log.toString()).toEqual(['building', 'starting', 'running', 'finished']);
      expect(first.log.toString()).toContain('Successfully installed numpy==2.1');
      expect(first.log.toString()).toMatch(/\nnumpy==2\.1 # [\w ]+\n1000\ndata\nseed 1\n$/);
      const [tag] = await registry.tags(name);
      expect(built(first)).toEqual({
        tag,
        image: `${registry.host}/${name}:${tag}`,
        dockerfile: 'Dockerfile.slipway-generated',
        generated: true,
        cached: false,
        contextFiles: 3,
        commit,
      });

      // Another machine: nothing of the image is there.
      await removeImages(`${registry.host}/${name}`);
      const second = server.enqueue(job(url, {}, { ref: 'main' }));
      await ended(second);
      expect(second.state).toBe('finished');
      expect(built(second)).toMatchObject({ cached: true, tag });
      expect(second.log.toString()).not.toContain('Step ');
      expect(second.log.toString()).toContain('it is not built again');

      if (way === 'http') return;
      await gits.commit(name, { 'train.py': files['train.py'].replace('seed 1', 'seed 2') });
      const third = server.enqueue(job(url, {}, { ref: 'main' }));
      await ended(third);
      expect(built(third)).toMatchObject({ cached: false });
      expect(third.log.toString()).toMatch(/seed 2\n$/);
      // The packages were not installed again: their layers come before the code.
      expect(third.log.toString()).toMatch(/RUN pip install -r requirements.txt\n ---> Using cache/);
      expect(await registry.tags(name)).toHaveLength(2);
    },
  );

  it('whose Dockerfile fails shows the line, and the whole output', async () => {
    const mark = `slipway.test=broken-${Date.now()}`;
    await gits.commit('broken', {
      'docker/Dockerfile': `FROM ${base}\nLABEL ${mark}\nRUN echo fine\nRUN echo on the way && \\\n  exit 7\nCMD ["true"]\n`,
    });
    await start('type: docker');
    const run = server.enqueue(job(gits.file('broken'), {}, { dockerfile: 'docker/Dockerfile' }));
    await ended(run);
    expect(failure(run)).toMatchObject({ phase: 'build', category: 'build' });
    expect(failure(run)?.['message']).toMatch(/line 4 of docker\/Dockerfile.*non-zero code: 7/s);
    expect(run.log.toString()).toMatch(/Step 3\/5 : RUN echo fine[^]*on the way\n/);
    expect(await docker('ps', '--all', '--quiet', '--filter', `label=${mark}`)).toBe('');
  });

  it('that is stopped while it is built ends the build and leaves nothing', async () => {
    const mark = `slipway.test=slow-${Date.now()}`;
    await gits.commit('slow', {
      'Dockerfile.slipway': `FROM ${base}\nLABEL ${mark}\nRUN echo building now && sleep 600\n`,
    });
    await start(`type: docker\ndestination: ${destination('slow')}`);
    const run = server.enqueue(job(gits.file('slow')));
    await until(
      () => run.log.includes('building now\n'),
      () => agent.log(),
    );
    expect(await docker('ps', '--quiet', '--filter', `label=${mark}`)).not.toBe('');
    server.stopRun(run);
    await ended(run);
    expect(run.state).toBe('stopped');
    const containers = () => docker('ps', '--all', '--quiet', '--filter', `label=${mark}`);
    for (let tries = 0; tries < 100 && (await containers()) !== ''; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await containers()).toBe('');
    expect(await registry.tags('slow')).toEqual([]);
    expect(await readdir(join(program.stateDirectory, 'builds')).catch(() => [])).toEqual([]);
  });

  it('goes back to its queue when the agent is killed while it builds, and is built by the next', async () => {
    const go = `slipway-go-${Date.now()}`;
    await gits.commit('killed', {
      'Dockerfile.slipway': `FROM ${base}\nRUN echo half way ${go} && sleep 4\nCMD ["echo","done"]\n`,
    });
    await start(`type: docker\ndestination: ${destination('killed')}`);
    const run = server.enqueue(job(gits.file('killed'), { entrypoint: null }));
    await until(
      () => run.log.includes(`half way ${go}\n`),
      () => agent.log(),
    );
    agent.kill('SIGKILL');
    await agent.ended;
    expect(run.state).toBe('building');
    expect(await registry.tags('killed')).toEqual([]);
    await start(`type: docker\ndestination: ${destination('killed')}`);
    await ended(run);
    expect(run.state).toBe('finished');
    expect(run.log.toString()).toMatch(/done\n$/);
    expect(await registry.tags('killed')).toHaveLength(1);
  });

  it('may have names with line feeds, blanks and quotes', async () => {
    const odd = 'two\nlines "and" \'more\' é.txt';
    await gits.commit('odd', {
      [odd]: 'odd, but there\n',
      'Dockerfile.slipway': `FROM ${base}\nCOPY . /app\nWORKDIR /app\nCMD ["sh","-c","cat two*"]\n`,
    });
    await start(`type: docker\ndestination: ${destination('odd')}`);
    const run = server.enqueue(job(gits.file('odd'), { entrypoint: null }));
    await ended(run);
    expect(run.log.toString()).toMatch(/odd, but there\n$/);
    expect(built(run)).toMatchObject({ contextFiles: 2 });
  });

  it('that two runs need at once is built once', async () => {
    await gits.commit('twice', { 'Dockerfile.slipway': `FROM ${base}\nRUN sleep 1\nCMD ["echo","up"]\n` });
    await start('type: docker');
    const runs = [1, 2].map(() => server.enqueue(job(gits.file('twice'), { entrypoint: null })));
    await Promise.all(runs.map((run) => ended(run)));
    expect(runs.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(runs.map((run) => built(run)?.['cached']).sort()).toEqual([false, true]);
    const image = String(built(runs[0]!)?.['image']);
    expect(image).toMatch(/^slipway-build:[0-9a-f]{40}$/);
    await docker('rmi', '--force', image);
  });

  it('is refused with what to set by an agent that builds nothing, and where nobody could pull the image', async () => {
    await start('type: noop');
    const noop = server.enqueue(job('https://127.0.0.1:9/never-asked'));
    await ended(noop);
    expect(failure(noop)).toMatchObject({ phase: 'build', category: 'config' });
    expect(failure(noop)?.['message']).toContain('builder.type');
    expect(states(noop)).toEqual(['failed']);
  });

  it('that two agents build at once is one good image', async () => {
    await gits.commit('race', { 'Dockerfile.slipway': `FROM ${base}\nRUN sleep 2\nCMD ["echo","raced"]\n` });
    const other = new FakeServer();
    await other.start();
    const state = await mkdtemp(join(folder, 'state-'));
    await start(`type: docker\ndestination: ${destination('race')}`);
    const second = program.start(other, {
      SLIPWAY_STATE_DIR: state,
      SLIPWAY_LAUNCH_CONFIG: join(folder, 'config.yaml'),
    });
    const runs = [server, other].map((each) => each.enqueue(job(gits.http('race'), { entrypoint: null })));
    await Promise.all(runs.map((run) => ended(run)));
    second.kill('SIGKILL');
    await Promise.all([second.ended, other.stop(), docker('rm', '--force', `slipway-${runs[1]!.id}`)]);
    expect(runs.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(runs[0]!.log.toString()).toMatch(/raced\n$/);
    const tags = await registry.tags('race');
    expect(tags).toEqual([built(runs[0]!)?.['tag']]);
    await removeImages(`${registry.host}/race`);
    expect(await docker('run', '--rm', '--network', 'none', `${registry.host}/race:${tags[0]}`)).toBe(
      'raced',
    );
  });

  it('whose registry refuses fails with the reason, before or after the build', async () => {
    await gits.commit('refused', { 'Dockerfile.slipway': `FROM ${base}\nCMD ["true"]\n` });
    let manifest = 403;
    const refusing = createServer((request, response) => {
      const isManifest = request.method === 'HEAD' && request.url?.includes('/manifests/');
      response.writeHead(isManifest ? manifest : request.url === '/v2/' ? 200 : 403).end();
    });
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    repositories.add(`${host}/refused`);
    await start(`type: docker\ndestination: ${host}/refused`);
    const before = server.enqueue(job(gits.file('refused')));
    await ended(before);
    expect(failure(before)).toMatchObject({ phase: 'build', category: 'config' });
    expect(failure(before)?.['message']).toContain('right to pull and push');
    expect(before.log.toString()).not.toContain('Step ');
    manifest = 404;
    const after = server.enqueue(job(gits.file('refused')));
    await ended(after);
    expect(failure(after)).toMatchObject({ phase: 'build', category: 'config' });
    expect(failure(after)?.['message']).toMatch(/built and could not be pushed/);
    refusing.closeAllConnections();
    refusing.close();
  });
});

describe('a registry that breaks off while the image is pushed', () => {
  let front: BreakingRegistry;
  beforeEach(async () => {
    front = await BreakingRegistry.start(registry.host);
  });
  afterEach(() => front.stop());

  it.each<[RegistryFault, RegExp]>([
    ['layer-cut', /404/],
    ['manifest-500', /500 Internal Server Error/],
  ])('(%s) fails the run, and the image is made again and run by the next launch', async (fault, words) => {
    const name = `half-${fault}`;
    const unique = Date.now().toString(36);
    await gits.commit(name, { 'Dockerfile.slipway': `FROM ${base}\nCMD ["echo","whole ${unique}"]\n` });
    repositories.add(`${front.host}/${name}`);
    await start(`type: docker\ndestination: ${front.host}/${name}`);
    front.fault = fault;
    const half = server.enqueue(job(gits.file(name), { entrypoint: null }));
    await ended(half);
    expect(front.broken).toBeGreaterThan(0);
    expect(states(half)).toEqual(['building', 'failed']);
    expect(failure(half)).toMatchObject({ phase: 'build', category: 'platform' });
    expect(failure(half)?.['message']).toMatch(words);
    expect(failure(half)?.['message']).toMatch(/built and could not be pushed.*Launch again/s);
    expect(await registry.tags(name)).toEqual([]);

    front.fault = null;
    const whole = server.enqueue(job(gits.file(name), { entrypoint: null }));
    await ended(whole);
    expect(states(whole), whole.log.toString()).toEqual(['building', 'starting', 'running', 'finished']);
    expect(built(whole)).toMatchObject({ cached: false });
    expect(whole.log.toString()).toMatch(new RegExp(`whole ${unique}\n$`));
    expect(await registry.tags(name)).toEqual([built(whole)?.['tag']]);
  });

  it('or has no such repository wants it created', async () => {
    await gits.commit('unknown', { 'Dockerfile.slipway': `FROM ${base}\nCMD ["true"]\n` });
    repositories.add(`${front.host}/unknown`);
    await start(`type: docker\ndestination: ${front.host}/unknown`);
    front.fault = 'no-repository';
    const run = server.enqueue(job(gits.file('unknown'), { entrypoint: null }));
    await ended(run);
    expect(failure(run)).toMatchObject({ phase: 'build', category: 'config' });
    expect(failure(run)?.['message']).toMatch(/Repository "images" not found.*Create the repository/);
  });

  it('once is asked again by the engine, and the run goes on', async () => {
    await gits.commit('hiccup', { 'Dockerfile.slipway': `FROM ${base}\nCMD ["echo","came through"]\n` });
    repositories.add(`${front.host}/hiccup`);
    await start(`type: docker\ndestination: ${front.host}/hiccup`);
    front.fault = 'layer-cut-once';
    const run = server.enqueue(job(gits.file('hiccup'), { entrypoint: null }));
    await ended(run);
    expect(front.broken).toBe(1);
    expect(run.state, run.log.toString()).toBe('finished');
    expect(run.log.toString()).toMatch(/came through\n$/);
  });
});

describe('an engine whose disk is full', () => {
  const full = async (run: FakeRun, place: RegExp) => {
    await ended(run);
    expect(states(run)).toEqual(['building', 'failed']);
    expect(failure(run)).toMatchObject({ phase: 'build', category: 'platform' });
    expect(failure(run)?.['message']).toMatch(/disk of the Docker engine is full/);
    expect(failure(run)?.['message']).toMatch(place);
    expect(failure(run)?.['message']).toMatch(
      /\): dd: .*No space left on device\. Make room|no space left on device\. Make room \(docker system prune\)/,
    );
  };

  it('fails the run with what to do, when a step cannot write', async () => {
    const step = 'RUN dd if=/dev/zero of=/dev/full count=1';
    await gits.commit('full-step', { 'Dockerfile.slipway': `FROM ${base}\n${step}\nCMD ["true"]\n` });
    await start('type: docker');
    await full(server.enqueue(job(gits.file('full-step'))), /at line 2 of Dockerfile\.slipway \(RUN dd/);
  });

  it('fails the run with what to do, when the engine cannot write, and is built once there is room', async () => {
    const unique = Date.now().toString(36);
    await gits.commit('full-engine', {
      'Dockerfile.slipway': `FROM ${base}\nCMD ["echo","there is room ${unique}"]\n`,
    });
    const engine = await FullEngine.start();
    try {
      await start('type: docker', { DOCKER_HOST: engine.address, DOCKER_BUILDKIT: '0' });
      await full(
        server.enqueue(job(gits.file('full-engine'), { entrypoint: null })),
        /write \/var\/lib\/docker/,
      );
      engine.full = false;
      const run = server.enqueue(job(gits.file('full-engine'), { entrypoint: null }));
      await ended(run);
      expect(built(run), run.log.toString()).toMatchObject({ cached: false });
      expect(run.log.toString()).toMatch(new RegExp(`there is room ${unique}\n$`));
      await docker('rmi', '--force', String(built(run)?.['image']));
    } finally {
      engine.stop();
    }
  });
});

const buildKit = findBuildKit();
describe.skipIf(buildKit.missing !== undefined)(
  `by BuildKit${buildKit.missing === undefined ? '' : ` (${buildKit.missing})`}`,
  () => {
    /** A docker command as an operator has it who builds with BuildKit; the engine may have no bridge for the steps. */
    async function withBuildKit(): Promise<Record<string, string>> {
      const bin = join(folder, 'bin');
      await mkdir(bin);
      const command = buildKit.missing === undefined ? buildKit.command : '';
      const script = `#!/bin/sh\nPATH=${process.env['PATH'] ?? ''}\n[ "$1" = build ] && shift && exec ${command} build --network none "$@"\nexec ${command} "$@"\n`;
      await writeFile(join(bin, 'docker'), script, { mode: 0o755 });
      return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, DOCKER_BUILDKIT: '1' };
    }

    it('a git job is built with its output in the log, and run', async () => {
      const unique = Date.now().toString(36);
      await gits.commit('kit', {
        'requirements.txt': `numpy==2.1 # ${unique}\n`,
        'train.py': 'cat /env/installed; id -u\n',
      });
      await start(`type: docker\ndestination: ${destination('kit')}`, await withBuildKit());
      const run = server.enqueue(job(gits.file('kit')));
      await ended(run);
      expect(run.state, run.log.toString()).toBe('finished');
      expect(run.log.toString()).toMatch(
        /\n#\d+ \[.*\] RUN pip install -r requirements\.txt\n[^]*#\d+ [\d.]+ Successfully installed numpy==2\.1/,
      );
      expect(run.log.toString()).toMatch(/\nnumpy==2\.1 # \w+\n1000\n$/);
      expect(await registry.tags('kit')).toEqual([built(run)?.['tag']]);
    });

    it('a failing line is named, and what it said is in the log', async () => {
      await gits.commit('kit-broken', {
        Dockerfile: `FROM ${base}\nRUN echo fine\nRUN echo on the way && \\\n  exit 7\nCMD ["true"]\n`,
      });
      await start('type: docker', await withBuildKit());
      const run = server.enqueue(job(gits.file('kit-broken'), {}, { dockerfile: 'Dockerfile' }));
      await ended(run);
      expect(failure(run)).toMatchObject({ phase: 'build', category: 'build' });
      expect(failure(run)?.['message']).toMatch(/line 3 of Dockerfile \(RUN echo on the way.*exit code: 7/s);
      expect(run.log.toString()).toMatch(/#\d+ [\d.]+ on the way\n/);
    });
  },
);

describe.skipIf(realPythonMissing !== null)(
  `with the real Python and pip${realPythonMissing === null ? '' : ` (${realPythonMissing})`}`,
  () => {
    it('what pyproject.toml depends on is installed and can be imported', { timeout: 240_000 }, async () => {
      const acceleratorBaseImage = await buildRealPythonImage();
      await gits.commit('real', {
        'pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["lighthouse >=1, <2"]\n',
        'train.py': 'import lighthouse, os\nprint(lighthouse.shine(), os.getuid())\n',
      });
      await start('type: docker');
      const run = server.enqueue(job(gits.file('real'), { builder: { acceleratorBaseImage } }));
      await ended(run, 200_000);
      expect(run.state, run.log.toString()).toBe('finished');
      expect(run.log.toString()).toContain('Successfully installed lighthouse-1.2');
      expect(run.log.toString()).toMatch(/\nthe lighthouse shines 1000\n$/);
      await docker('rmi', '--force', String(built(run)?.['image']));
    });
  },
);
