import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { runCommand } from '../../support/command';
import { readFileIfExists } from '../../support/files';
import { errorCode } from '../../support/timing';
import { RegistryError } from '../types';

/** How a registry knows the agent: name and password, or a token that is exchanged for others (`docker login` by a browser). */
export type StoredCredentials =
  { kind: 'password'; username: string; password: string } | { kind: 'identity-token'; token: string };

const configSchema = z.looseObject({
  auths: z
    .record(
      z.string(),
      z.looseObject({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});
const helperSchema = z.looseObject({ Username: z.string(), Secret: z.string() });
const HELPER_MS = 30_000;

export const dockerConfigDirectory = (env: NodeJS.ProcessEnv): string =>
  env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');

/**
 * What `docker login` or a credential helper of the docker configuration (`$DOCKER_CONFIG`, else `~/.docker`) knows of a registry; null:
 * nothing. Protocol of helpers: https://github.com/docker/docker-credential-helpers#development
 *
 * @throws RegistryError `config` when the file or the helper is broken
 */
export async function dockerCredentials(
  host: string,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<StoredCredentials | null> {
  const path = join(dockerConfigDirectory(env), 'config.json');
  const text = await readFileIfExists(path);
  if (text === null) return null;
  const parsed = configSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new RegistryError('config', `${path} cannot be read as a docker configuration.`);
  const { auths = {}, credHelpers = {}, credsStore } = parsed.data;
  const names =
    host === 'index.docker.io'
      ? ['https://index.docker.io/v1/', host, 'docker.io']
      : [host, `https://${host}`, `https://${host}/v2/`];
  for (const name of names) {
    const helper = credHelpers[name];
    if (helper !== undefined) return askHelper(helper, name, env, signal);
  }
  for (const name of names) {
    const entry = auths[name];
    if (entry === undefined) continue;
    if (entry.identitytoken) return { kind: 'identity-token', token: entry.identitytoken };
    const pair = entry.auth ? Buffer.from(entry.auth, 'base64').toString('utf8') : '';
    const colon = pair.indexOf(':');
    if (colon > 0)
      return { kind: 'password', username: pair.slice(0, colon), password: pair.slice(colon + 1) };
    if (entry.username && entry.password)
      return { kind: 'password', username: entry.username, password: entry.password };
  }
  return credsStore ? askHelper(credsStore, names[0] ?? host, env, signal) : null;
}

async function askHelper(
  helper: string,
  name: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<StoredCredentials | null> {
  const program = `docker-credential-${helper}`;
  if (!/^[A-Za-z0-9._-]+$/.test(helper))
    throw new RegistryError(
      'config',
      `"${helper}" of the docker configuration is no name of a credential helper.`,
    );
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('SLIPWAY_'),
  );
  try {
    const { code, stdout } = await runCommand(program, ['get'], {
      env: Object.fromEntries(own),
      input: Readable.from([name]),
      signal: AbortSignal.any([signal, AbortSignal.timeout(HELPER_MS)]),
    });
    const answer = helperSchema.safeParse(parseJson(stdout));
    if (code !== 0 || !answer.success) {
      if (/credentials not found/i.test(stdout)) return null;
      throw new RegistryError(
        'config',
        `${program}, which the docker configuration names for ${name}, gave no credentials (exit code ${code ?? 'none'}).`,
      );
    }
    const { Username: username, Secret: password } = answer.data;
    return username === '<token>'
      ? { kind: 'identity-token', token: password }
      : { kind: 'password', username, password };
  } catch (error) {
    if (error instanceof RegistryError || signal.aborted) throw error;
    const why = errorCode(error) === 'ENOENT' ? 'is not installed' : 'did not answer';
    throw new RegistryError(
      'config',
      `${program}, which the docker configuration names for ${name}, ${why} on the machine of the agent.`,
      { cause: error },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
