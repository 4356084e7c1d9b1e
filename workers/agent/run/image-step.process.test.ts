import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDockerBuilder } from '../builders/docker';
import { createOciRegistry } from '../registries/oci';
import { createSources } from '../sources';
import { GitServer } from '../testing/git-server';
import { testSpec } from '../testing/spec';
import { createImageStep } from './image-step';

const PASSWORD = 'word-of-the-agent';
let folder: string;
let gits: GitServer;
let server: Server;
let answer: RequestListener;
let host: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-image-step-'));
  gits = await GitServer.start();
  await gits.commit('train', { 'train.py': 'print(1)\n' });
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = Buffer.from(`ada:${PASSWORD}`).toString('base64');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  vi.stubEnv('DOCKER_CONFIG', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await gits.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a registry that, asked for the image of a run,', () => {
  const always =
    (status: number): RequestListener =>
    (_, response) =>
      response.writeHead(status, { 'www-authenticate': 'Basic realm="r"' }).end();

  it.each<[string, RequestListener, string, RegExp]>([
    ['answers 401', always(401), 'config', /does not accept the credentials.*docker login/],
    ['answers 403', always(403), 'config', /does not allow the agent access.*right to pull and push/],
    ['answers 429', always(429), 'quota', /too many requests.*Try again later/],
    ['answers 500', always(500), 'platform', /error of its own \(500\).*Try again later/],
    ['hangs', () => undefined, 'platform', /did not answer within 0\.3 seconds/],
    ['hangs up', (request) => request.socket.destroy(), 'platform', /cannot be reached/],
  ])('%s fails the run with what to do, before anything is built', async (_, behaviour, category, words) => {
    answer = behaviour;
    const registry = createOciRegistry({ limits: { timeoutMs: 300, delay: () => 1 } });
    const step = createImageStep({
      sources: createSources({ client: { artifact: () => Promise.reject(new Error('there is none')) } }),
      builder: createDockerBuilder({ registry }),
      push: { destination: `${host}/team/train`, registry },
      platform: null,
      directory: join(folder, 'builds'),
    });
    let log = '';
    const reports: unknown[] = [];
    const spec = testSpec({
      resource: 'local-container',
      source: { type: 'git', repository: gits.file('train') },
      entrypoint: ['python', 'train.py'],
    });
    const failed: unknown = await step
      .imageOf(spec, {
        report: (report) => Promise.resolve(void reports.push(report)),
        log: (data) => Promise.resolve(void (log += String(data))),
        warn: () => undefined,
        signal: new AbortController().signal,
      })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      name: 'RunFailure',
      failure: { phase: 'build', category, message: expect.stringMatching(words) as string },
    });
    expect(log).not.toContain('Building');
    expect(JSON.stringify([failed, String(failed), log, reports])).not.toContain(PASSWORD);
  });
});
