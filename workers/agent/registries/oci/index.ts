import { z } from 'zod';
import { RegistryError, type Registry, type RegistryCredentials } from '../types';
import { dockerCredentials, type StoredCredentials } from './docker-config';
import { call, HTTP_LIMITS, refusal, type Answer, type HttpLimits } from './http';
import { isLoopback, readImageName, type ImageName } from './image-name';

export interface OciRegistryOptions {
  /** Credentials of a kind of registry that has its own; none: those of the docker configuration. Asked for at each call. */
  credentials?: (signal: AbortSignal) => Promise<RegistryCredentials | null>;
  /** What the platform of the registry calls the rights to look for images and to push them. */
  rights?: Rights;
  limits?: HttpLimits;
}

export interface Rights {
  pull: string;
  push: string;
}

/** Of images and of lists of images for several platforms. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const tokenSchema = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * Any registry that speaks the OCI distribution protocol (https://github.com/opencontainers/distribution-spec/blob/main/spec.md), with
 * basic or bearer authentication (https://distribution.github.io/distribution/spec/auth/token/). A manifest is accepted by a registry
 * only after all of its layers, so an image whose manifest is there is there as a whole.
 */
export function createOciRegistry({
  credentials,
  rights,
  limits = HTTP_LIMITS,
}: OciRegistryOptions = {}): Registry {
  const find = async (host: string, signal: AbortSignal): Promise<StoredCredentials | null> => {
    if (credentials === undefined) return dockerCredentials(host, { env: process.env, signal });
    const own = await credentials(signal);
    return own && { kind: 'password', ...own };
  };
  /** One request, made again with what the registry asks for; `headers` are those it was let in with. */
  const send = async (
    name: ImageName,
    method: string,
    url: string,
    signal: AbortSignal,
    right: string | undefined,
  ) => {
    const plain: Record<string, string> = { accept: MANIFESTS };
    const first = await call(name.host, url, { method, headers: plain }, signal, limits);
    if (first.status !== 401) return { answer: first, headers: plain };
    const known = await find(name.host, signal);
    const headers = {
      ...plain,
      authorization: await authorization(name, first, { known, right, signal, limits }),
    };
    return { answer: await call(name.host, url, { method, headers }, signal, limits), headers };
  };
  const baseOf = ({ apiHost, repository }: ImageName) =>
    `${isLoopback(apiHost) ? 'http' : 'https'}://${apiHost}/v2/${repository}`;
  return {
    async exists(image, signal) {
      const name = readImageName(image);
      const { answer } = await send(
        name,
        'HEAD',
        `${baseOf(name)}/manifests/${name.tag}`,
        signal,
        rights?.pull,
      );
      if (answer.status === 200) return true;
      if (answer.status === 404) return false;
      throw refusal(name.host, answer.status, ` (${name.repository})`, rights?.pull);
    },
    async tryPush(image, signal) {
      const name = readImageName(image);
      const { answer, headers } = await send(
        name,
        'POST',
        `${baseOf(name)}/blobs/uploads/`,
        signal,
        rights?.push,
      );
      if (answer.status === 404)
        throw new RegistryError(
          'config',
          `The registry ${name.host} has no repository for ${name.repository}. Create it there, or change builder.destination.`,
        );
      if (answer.status !== 202)
        throw refusal(name.host, answer.status, ` to push to ${name.repository}`, rights?.push);
      const begun = new URL(answer.headers.get('location') ?? '', baseOf(name));
      // Registries that do not know how to give an upload up forget it by themselves.
      if (begun.origin === new URL(baseOf(name)).origin)
        await call(name.host, begun.href, { method: 'DELETE', headers }, signal, limits);
      return `an upload to ${name.repository} was begun and given up`;
    },
    login: (signal) => credentials?.(signal) ?? Promise.resolve(null),
    // Made by the first push.
    ensureRepository: () => Promise.resolve(),
  };
}

interface Asking {
  known: StoredCredentials | null;
  /** What the call takes, for the message. */
  right: string | undefined;
  signal: AbortSignal;
  limits: HttpLimits;
}

/** The header that answers a challenge. */
async function authorization(
  name: ImageName,
  challenge: Answer,
  { known, right, signal, limits }: Asking,
): Promise<string> {
  const header = challenge.headers.get('www-authenticate') ?? '';
  if (/^basic\b/i.test(header)) {
    if (known?.kind !== 'password') throw refusal(name.host, 401, '', right);
    return basic(known);
  }
  const parameters = Object.fromEntries(
    [...header.matchAll(/([a-z]+)="([^"]*)"/gi)].map(([, key = '', value = '']) => [
      key.toLowerCase(),
      value,
    ]),
  );
  const realm = parameters['realm'] ?? '';
  if (!/^bearer\b/i.test(header) || !URL.canParse(realm))
    throw new RegistryError(
      'unavailable',
      `The registry ${name.host} asks for credentials in a way that is not understood.`,
    );
  const service = parameters['service'];
  const scope = parameters['scope'] ?? `repository:${name.repository}:pull`;
  const answer = await call(name.host, ...tokenRequest(realm, service, scope, known), signal, limits);
  if (answer.status !== 200)
    throw refusal(name.host, answer.status === 400 ? 401 : answer.status, ` (${name.repository})`, right);
  const parsed = tokenSchema.safeParse(parseJson(answer.text));
  const token = parsed.data?.token ?? parsed.data?.access_token;
  if (token === undefined)
    throw new RegistryError('unavailable', `The token service of ${name.host} gave no token.`);
  return `Bearer ${token}`;
}

type TokenRequest = [string, { method?: string; headers?: Record<string, string>; body?: URLSearchParams }];

/** Credentials go only to a token service that is spoken to as safely as the registry. */
function tokenRequest(
  realm: string,
  service: string | undefined,
  scope: string,
  known: StoredCredentials | null,
): TokenRequest {
  const url = new URL(realm);
  if (known !== null && url.protocol !== 'https:' && !isLoopback(url.host))
    throw new RegistryError(
      'config',
      `The registry wants credentials sent to ${url.origin}, which is not encrypted. They are not.`,
    );
  if (known?.kind === 'identity-token') {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'slipway',
      refresh_token: known.token,
      scope,
      ...(service === undefined ? {} : { service }),
    });
    return [url.href, { method: 'POST', body }];
  }
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  return [url.href, { headers: known === null ? {} : { authorization: basic(known) } }];
}

const basic = ({ username, password }: RegistryCredentials) =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
