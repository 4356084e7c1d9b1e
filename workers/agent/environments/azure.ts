import type { TokenCredential } from '@azure/identity';
import { orAborted } from '../support/abort';
import { CloudError, commonError, firstLine, type CloudAction } from './errors';
import type { AzureEnvironment } from './types';

/** Every identity may ask for a token of this scope. */
const MANAGEMENT = 'https://management.azure.com/.default';
const NO_CREDENTIALS =
  'Give the machine or pod a managed or workload identity, set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or run "az login".';

/** Azure by the DefaultAzureCredential of its SDK: variables, workload and managed identity, command lines. */
export function createAzureEnvironment(): AzureEnvironment {
  let made: Promise<TokenCredential> | null = null;
  const credential = () => (made ??= createCredential());
  const token = async (scope: string, signal: AbortSignal) => {
    try {
      const given = await orAborted((await credential()).getToken(scope, { abortSignal: signal }), signal);
      if (given) return given.token;
    } catch (error) {
      throw azureError(error, { doing: 'get a token from Azure' });
    }
    throw new CloudError('credentials', `Could not get a token from Azure. ${NO_CREDENTIALS}`);
  };
  return {
    type: 'azure',
    credential,
    token,
    verify: async (signal) => whoOf(await token(MANAGEMENT, signal)),
  };
}

async function createCredential(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

/** Who a token is for, from its claims; they are only shown, so nothing is verified. */
function whoOf(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
    const who = claims['upn'] ?? claims['appid'] ?? claims['oid'];
    return `${typeof who === 'string' ? who : 'an identity'} (tenant ${typeof claims['tid'] === 'string' ? claims['tid'] : 'unknown'})`;
  } catch {
    return 'an identity';
  }
}

/** Codes of Entra ID for secrets, certificates and sessions whose time is over. */
const EXPIRED = /AADSTS(7000222|700082|50173|700027|50078)|expired/i;

/** An error of the Azure SDK as one that says what to do. */
export function azureError(error: unknown, action: CloudAction): CloudError {
  if (error instanceof CloudError) return error;
  const { name, code, statusCode } = (error ?? {}) as { name?: string; code?: unknown; statusCode?: unknown };
  const said = firstLine(error);
  const make = (reason: CloudError['reason'], why: string) =>
    new CloudError(reason, `Could not ${action.doing}: ${why}`, {
      permission: action.permission,
      cause: error,
    });
  if (
    name === 'AuthenticationError' ||
    name === 'AggregateAuthenticationError' ||
    name === 'CredentialUnavailableError'
  ) {
    const all = error instanceof Error ? error.message : said;
    if (EXPIRED.test(all))
      return make('credentials', `the Azure credentials of the agent have expired. ${NO_CREDENTIALS}`);
    if (/AADSTS\d+/.test(all))
      return make(
        'credentials',
        `Entra ID refused the credentials (${String(/AADSTS\d+/.exec(all)?.[0])}). ${NO_CREDENTIALS}`,
      );
    return make('credentials', `no Azure credentials were found. ${NO_CREDENTIALS}`);
  }
  const status = typeof statusCode === 'number' ? statusCode : undefined;
  const label = typeof code === 'string' ? code : said;
  if (status === 401) return make('credentials', `Azure does not accept the agent's credentials (${label}).`);
  if (status === 404) return make('not-found', `${said} (${label})`);
  return commonError(error, 'Azure', action, status) ?? make('unavailable', `Azure said ${label}: ${said}`);
}
