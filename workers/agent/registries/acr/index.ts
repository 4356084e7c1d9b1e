import { z } from 'zod';
import type { AzureEnvironment } from '../../environments';
import { registryError } from '../cloud-error';
import { createOciRegistry } from '../oci';
import { call, refusal } from '../oci/http';
import { isLoopback, readImageName } from '../oci/image-name';
import { RegistryError, type Registry, type RegistryCredentials } from '../types';

const SCOPE = 'https://containerregistry.azure.net/.default';
/** The name that stands for "the password is a token". */
const TOKEN_USER = '00000000-0000-0000-0000-000000000000';
/** A refresh token of ACR is good for three hours, milliseconds. */
const KEEP_MS = 60 * 60_000;
/** Registries with permissions by repository do not know the older names (https://learn.microsoft.com/azure/container-registry/). */
const RIGHTS = {
  pull: 'the role AcrPull on the registry (Container Registry Repository Reader where it has permissions by repository)',
  push: 'the role AcrPush on the registry (Container Registry Repository Writer where it has permissions by repository)',
};
const exchangedSchema = z.looseObject({ refresh_token: z.string() });

/**
 * Azure Container Registry: the OCI protocol, with a token of Entra ID exchanged for one of the registry
 * (https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md).
 */
export function createAcrRegistry(destination: string, environment: AzureEnvironment): Registry {
  const { host } = readImageName(destination);
  let kept: { credentials: RegistryCredentials; until: number } | null = null;
  return createOciRegistry({
    rights: RIGHTS,
    credentials: async (signal) => {
      if (kept !== null && kept.until > Date.now()) return kept.credentials;
      const credentials = { username: TOKEN_USER, password: await exchange(host, environment, signal) };
      kept = { credentials, until: Date.now() + KEEP_MS };
      return credentials;
    },
  });
}

async function exchange(host: string, environment: AzureEnvironment, signal: AbortSignal): Promise<string> {
  let token: string;
  try {
    token = await environment.token(SCOPE, signal);
  } catch (error) {
    throw registryError(error);
  }
  const url = `${isLoopback(host) ? 'http' : 'https'}://${host}/oauth2/exchange`;
  const body = new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token });
  const answer = await call(host, url, { method: 'POST', body }, signal);
  if (answer.status === 401 || answer.status === 403) {
    throw new RegistryError(
      answer.status === 401 ? 'unauthorized' : 'forbidden',
      `The registry ${host} does not know the agent's identity. Give it ${RIGHTS.push}.`,
    );
  }
  if (answer.status !== 200) throw refusal(host, answer.status);
  const parsed = exchangedSchema.safeParse(parseJson(answer.text));
  if (!parsed.success) throw new RegistryError('unavailable', `The registry ${host} gave no token.`);
  return parsed.data.refresh_token;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
