import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImageName } from '../../registries/oci/image-name';
import { dockerConfigDirectory } from '../../registries/oci/docker-config';
import type { RegistryCredentials } from '../../registries';
import { readFileIfExists } from '../../support/files';
import { errorCode } from '../../support/timing';

/**
 * Calls `work` with variables that make the docker command know credentials which are not in its own configuration. They are never in
 * an argument, and only as long as it takes in a file that only the agent's account can read.
 */
export async function withRegistryLogin(
  { image, credentials }: { image: string; credentials: RegistryCredentials | null },
  work: (variables: Record<string, string>) => Promise<void>,
): Promise<void> {
  if (credentials === null) return work({});
  const original = dockerConfigDirectory(process.env);
  const directory = await mkdtemp(join(tmpdir(), 'slipway-docker-'));
  try {
    for (const name of await namesIn(original)) {
      // Plugins and contexts stay where they are.
      if (name !== 'config.json') await symlink(join(original, name), join(directory, name));
    }
    const config = addLogin(
      await readFileIfExists(join(original, 'config.json')),
      readImageName(image).host,
      credentials,
    );
    await writeFile(join(directory, 'config.json'), config, { mode: 0o600 });
    await work({ DOCKER_CONFIG: directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The configuration with one more login; what helpers it names for that registry does not count. */
function addLogin(text: string | null, host: string, { username, password }: RegistryCredentials): string {
  const object = (value: unknown) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const config = object(text === null ? {} : JSON.parse(text));
  const { [host]: _own, ...helpers } = object(config['credHelpers']);
  const auth = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  const { credsStore: _store, ...rest } = config;
  return JSON.stringify({
    ...rest,
    credHelpers: helpers,
    auths: { ...object(config['auths']), [host]: { auth } },
  });
}
