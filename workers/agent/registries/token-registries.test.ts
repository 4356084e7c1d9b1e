import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { CloudError, type AzureEnvironment, type GcpEnvironment } from '../environments';
import { startHttp, type HttpService } from '../testing/clouds/http';
import { createAcrRegistry } from './acr';
import { createGcrRegistry } from './gcr';

const signal = () => AbortSignal.timeout(10_000);
let service: HttpService | null = null;
afterEach(() => service?.stop());

const basic = (request: IncomingMessage) =>
  Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString();

/**
 * A registry that holds `team/train:here` and lets in whoever shows `user:password` to its token service. `images` and `uploads`: what it
 * answers to who is let in.
 */
async function registry(
  user: string,
  exchange: number | string = 404,
  { images = 0, uploads = 202 } = {},
): Promise<string[]> {
  const asked: string[] = [];
  service = await startHttp((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://registry');
      asked.push(`${String(request.method)} ${url.pathname}`);
      const body = await text(request);
      const answer = (status: number, content: object = {}, headers: Record<string, string> = {}) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(content));
      if (url.pathname === '/oauth2/exchange') {
        const known = new URLSearchParams(body).get('access_token') === 'entra-token';
        return answer(typeof exchange === 'number' ? exchange : known ? 200 : 401, {
          refresh_token: exchange,
        });
      }
      if (url.pathname === '/token')
        return basic(request) === user ? answer(200, { access_token: 'good' }) : answer(401);
      if (request.headers.authorization !== 'Bearer good')
        return answer(
          401,
          {},
          { 'www-authenticate': `Bearer realm="${String(service?.url)}/token",service="r"` },
        );
      if (request.method === 'POST') return answer(uploads);
      return answer(images || (url.pathname.endsWith('/team/train/manifests/here') ? 200 : 404));
    })();
  });
  return asked;
}
const image = (tag: string) => `${String(service?.host)}/team/train:${tag}`;

describe('Artifact Registry', () => {
  const google = (token: () => Promise<string>): GcpEnvironment => ({
    type: 'gcp',
    region: null,
    project: null,
    auth: () => Promise.reject(new Error('not asked')),
    token,
    verify: () => Promise.resolve(''),
  });
  it('lets in by an access token', async () => {
    await registry('oauth2accesstoken:ya29');
    const opened = createGcrRegistry(google(() => Promise.resolve('ya29')));
    expect(await opened.exists(image('here'), signal())).toBe(true);
    expect(await opened.exists(image('absent'), signal())).toBe(false);
    expect(await opened.login(signal())).toEqual({ username: 'oauth2accesstoken', password: 'ya29' });
  });
  it.each([401, 403])('that answers %i names the permission that is missing', async (status) => {
    await registry('oauth2accesstoken:ya29', 404, { images: status, uploads: status });
    const opened = createGcrRegistry(google(() => Promise.resolve('ya29')));
    await expect(opened.exists(image('here'), signal())).rejects.toThrow(
      /needs artifactregistry\.repositories\.downloadArtifacts on the repository/,
    );
    await expect(opened.tryPush(image('here'), signal())).rejects.toThrow(
      /to push to team\/train.*needs artifactregistry\.repositories\.uploadArtifacts on the repository/,
    );
  });
  it('without the repository says that it has to be created', async () => {
    await registry('oauth2accesstoken:ya29', 404, { uploads: 404 });
    const opened = createGcrRegistry(google(() => Promise.resolve('ya29')));
    await expect(opened.tryPush(image('here'), signal())).rejects.toMatchObject({
      reason: 'config',
      message: expect.stringMatching(/no repository for team\/train\. Create it/) as string,
    });
  });
  it('says why there is no token', async () => {
    await registry('x');
    const none = () =>
      Promise.reject(new CloudError('credentials', 'no Google Cloud credentials were found.'));
    await expect(createGcrRegistry(google(none)).exists(image('here'), signal())).rejects.toMatchObject({
      name: 'RegistryError',
      reason: 'unauthorized',
      message: 'no Google Cloud credentials were found.',
    });
  });
});

describe('Azure Container Registry', () => {
  const azure: AzureEnvironment = {
    type: 'azure',
    credential: () => Promise.reject(new Error('not asked')),
    token: () => Promise.resolve('entra-token'),
    verify: () => Promise.resolve(''),
  };
  const open = () => createAcrRegistry(`${String(service?.host)}/team/train`, azure);

  it('exchanges the token of Entra ID once', async () => {
    const asked = await registry('00000000-0000-0000-0000-000000000000:refresh', 'refresh');
    const opened = open();
    expect(await opened.exists(image('here'), signal())).toBe(true);
    expect(await opened.exists(image('absent'), signal())).toBe(false);
    expect(await opened.login(signal())).toEqual({
      username: '00000000-0000-0000-0000-000000000000',
      password: 'refresh',
    });
    expect(asked.filter((line) => line === 'POST /oauth2/exchange')).toHaveLength(1);
  });
  it('names the role that is missing', async () => {
    await registry('00000000-0000-0000-0000-000000000000:refresh', 'refresh', { images: 401, uploads: 403 });
    await expect(open().exists(image('here'), signal())).rejects.toThrow(/needs the role AcrPull .*Reader/);
    await expect(open().tryPush(image('here'), signal())).rejects.toThrow(/needs the role AcrPush .*Writer/);
  });
  it.each([
    [401, 'unauthorized', 'Give it the role AcrPush'],
    [403, 'forbidden', 'Give it the role AcrPush'],
    [404, 'unavailable', 'unexpected answer 404'],
  ])('that answers %i says what to do', async (status, reason, expected) => {
    await registry('x', status);
    const failed = open().exists(image('here'), signal());
    await expect(failed).rejects.toMatchObject({ reason });
    await expect(failed).rejects.toThrow(expected);
    await expect(failed).rejects.not.toThrow(/entra-token/);
  });
});
