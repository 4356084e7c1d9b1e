import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOciRegistry } from '.';
import { readImageName } from './image-name';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A registry that answers as it is told. */
let server: Server;
let answer: Answer;
let asked: string[];
let host: string;
let folder: string;
beforeEach(async () => {
  asked = [];
  answer = (_, response) => response.writeHead(404).end();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'slipway-docker-config-'));
  vi.stubEnv('DOCKER_CONFIG', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const limits = { timeoutMs: 300, delay: () => 1 };
const exists = (abort = signal) => createOciRegistry({ limits }).exists(`${host}/team/train:abc`, abort);
const config = (value: object) => writeFile(join(folder, 'config.json'), JSON.stringify(value));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const MANIFEST = 'HEAD /v2/team/train/manifests/abc';

describe('whether an image exists', () => {
  it('is whether its manifest does', async () => {
    expect(await exists()).toBe(false);
    answer = (_, response) => response.writeHead(200).end();
    expect(await exists()).toBe(true);
    expect(asked).toEqual([MANIFEST, MANIFEST]);
  });

  it('is asked with the name and password of the docker configuration', async () => {
    await config({ auths: { [host]: { auth: base64('ada:pass:word') } } });
    answer = ({ headers }, response) =>
      headers.authorization === `Basic ${base64('ada:pass:word')}`
        ? response.writeHead(200).end()
        : response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    expect(await exists()).toBe(true);
  });

  it('is asked with a token of the service that the registry names, for the right to pull', async () => {
    await config({ auths: { [host]: { username: 'ada', password: 'secret-word' } } });
    answer = ({ url, headers }, response) => {
      if (url?.startsWith('/token')) response.end('{"token":"short-lived"}');
      else if (headers.authorization === 'Bearer short-lived') response.writeHead(200).end();
      else
        response
          .writeHead(401, {
            'www-authenticate': `Bearer realm="http://${host}/token",service="reg",scope="repository:team/train:pull"`,
          })
          .end();
    };
    expect(await exists()).toBe(true);
    expect(asked).toEqual([
      MANIFEST,
      `GET /token?service=reg&scope=repository%3Ateam%2Ftrain%3Apull Basic ${base64('ada:secret-word')}`,
      `${MANIFEST} Bearer short-lived`,
    ]);
  });

  it('is asked with what a credential helper gives, also where that is an identity token', async () => {
    const helper = join(folder, 'docker-credential-fake');
    await writeFile(
      helper,
      `#!/bin/sh\nread name\n[ "$1 $name" = "get ${host}" ] && echo '{"Username":"<token>","Secret":"refresh-me"}'\n`,
    );
    await chmod(helper, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
    await config({ credHelpers: { [host]: 'fake' } });
    answer = ({ url, headers, method }, response, body) => {
      if (url === '/token')
        response.end(
          method === 'POST' && body.includes('refresh_token=refresh-me') ? '{"access_token":"t"}' : '{}',
        );
      else if (headers.authorization === 'Bearer t') response.writeHead(200).end();
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` }).end();
    };
    expect(await exists()).toBe(true);
    await config({ credHelpers: { [host]: 'not-there' } });
    await expect(exists()).rejects.toMatchObject({
      reason: 'config',
      message: expect.stringContaining('docker-credential-not-there') as string,
    });
  });
});

describe('a registry that does not do its part', () => {
  const always =
    (status: number, headers = {}): Answer =>
    (_, response) =>
      response.writeHead(status, headers).end();

  it.each([
    [401, 'unauthorized', 1, { 'www-authenticate': 'Basic realm="x"' }],
    [403, 'forbidden', 1, {}],
    [429, 'rate-limited', 4, {}],
    [500, 'unavailable', 4, {}],
    [503, 'unavailable', 4, {}],
    [418, 'unavailable', 1, {}],
  ])('with %i is told apart as %s', async (status, reason, tries, headers) => {
    answer = always(status, headers);
    await expect(exists()).rejects.toMatchObject({ name: 'RegistryError', reason });
    expect(asked).toHaveLength(tries);
  });

  it('does not get the password again where it is wrong, and does not see it in a message', async () => {
    await config({ auths: { [host]: { auth: base64('ada:wrong-word') } } });
    answer = always(401, { 'www-authenticate': 'Basic realm="x"' });
    const error: unknown = await exists().catch((e: unknown) => e);
    expect(error).toMatchObject({ reason: 'unauthorized' });
    expect(String(error)).not.toContain('wrong-word');
    expect(asked).toHaveLength(2);
  });

  it('gets no password for a service that is spoken to in the open', async () => {
    await config({ auths: { [host]: { auth: base64('ada:word') } } });
    answer = always(401, { 'www-authenticate': 'Bearer realm="http://tokens.example.com/"' });
    await expect(exists()).rejects.toMatchObject({ reason: 'config' });
  });

  it('comes back after a hiccup', async () => {
    answer = (_, response) => void response.writeHead(asked.length < 3 ? 502 : 200).end();
    expect(await exists()).toBe(true);
  });

  it('that hangs, or is not there, is given up', async () => {
    answer = () => undefined;
    await expect(exists()).rejects.toMatchObject({ reason: 'timeout' });
    const stop = new AbortController();
    answer = () => stop.abort();
    await expect(exists(stop.signal)).rejects.toThrow(/abort/i);
    const nowhere = createOciRegistry({ limits }).exists('127.0.0.1:9/x/y:z', signal);
    await expect(nowhere).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

it.each([
  [
    'ada/train:v1',
    { host: 'index.docker.io', apiHost: 'registry-1.docker.io', repository: 'ada/train', tag: 'v1' },
  ],
  ['train', { host: 'index.docker.io', repository: 'library/train', tag: 'latest' }],
  [
    'localhost:5000/a/b:c',
    { host: 'localhost:5000', apiHost: 'localhost:5000', repository: 'a/b', tag: 'c' },
  ],
  ['ghcr.io/a:c', { host: 'ghcr.io', repository: 'a', tag: 'c' }],
])('reads the name %s', (image, parts) => expect(readImageName(image)).toMatchObject(parts));
