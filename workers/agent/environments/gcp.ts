import type { GoogleAuth } from 'google-auth-library';
import { orAborted } from '../support/abort';
import { CloudError, commonError, firstLine, type CloudAction } from './errors';
import type { GcpEnvironment } from './types';

const ZONE = /^([a-z]+-[a-z]+\d+)-[a-z]$/;
const PROJECT = /^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/;
const NO_CREDENTIALS =
  'Run on Google Cloud with a service account (Workload Identity on GKE), set GOOGLE_APPLICATION_CREDENTIALS, or run "gcloud auth application-default login".';

/** Google Cloud by its Application Default Credentials. */
export function createGcpEnvironment(region: string | null, project: string | null): GcpEnvironment {
  let made: Promise<GoogleAuth> | null = null;
  const auth = () => (made ??= createAuth(project));
  const token = async (signal: AbortSignal) => {
    try {
      const given = await orAborted((await auth()).getAccessToken(), signal);
      if (given) return given;
    } catch (error) {
      throw gcpError(error, { doing: 'get a token from Google Cloud' });
    }
    throw new CloudError('credentials', `Could not get a token from Google Cloud. ${NO_CREDENTIALS}`);
  };
  return {
    type: 'gcp',
    region,
    project,
    auth,
    token,
    verify: async (signal) => {
      const zone = region === null ? null : ZONE.exec(region);
      if (zone !== null) {
        throw new CloudError(
          'config',
          `environment.region: "${String(region)}" is a zone; its region is ${String(zone[1])}.`,
        );
      }
      if (project !== null && !PROJECT.test(project) && !/^\d+$/.test(project)) {
        throw new CloudError(
          'config',
          `environment.project: "${project}" is not the id of a project; expected one such as my-project-123456.`,
        );
      }
      await token(signal);
      const who = await emailOf(await auth(), signal);
      return `${who}${project === null ? '' : ` (project ${project}${region === null ? '' : `, ${region}`})`}`;
    },
  };
}

async function createAuth(project: string | null): Promise<GoogleAuth> {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth({
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    ...(project === null ? {} : { projectId: project }),
  });
}

/** Users' own credentials and federated ones have no address that could be shown. */
async function emailOf(auth: GoogleAuth, signal: AbortSignal): Promise<string> {
  try {
    return (await orAborted(auth.getCredentials(), signal)).client_email ?? 'default credentials';
  } catch {
    return 'default credentials';
  }
}

/** An error of Google's libraries as one that says what to do. */
export function gcpError(error: unknown, action: CloudAction): CloudError {
  if (error instanceof CloudError) return error;
  const said = firstLine(error);
  const make = (reason: CloudError['reason'], why: string) =>
    new CloudError(reason, `Could not ${action.doing}: ${why}`, {
      permission: action.permission,
      cause: error,
    });
  if (/default credentials|ENOENT.*credentials|does not exist, or it is not a file/i.test(said)) {
    return make('credentials', `no Google Cloud credentials were found. ${NO_CREDENTIALS}`);
  }
  if (/invalid_grant|invalid_rapt|reauth/i.test(said)) {
    return make(
      'credentials',
      `the Google Cloud credentials have expired or were revoked. ${NO_CREDENTIALS}`,
    );
  }
  const status = statusOf(error);
  if (status === 401)
    return make('credentials', `Google Cloud does not accept the agent's credentials: ${said}`);
  if (status === 404) return make('not-found', said);
  return (
    commonError(error, 'Google Cloud', action, status) ?? make('unavailable', `Google Cloud said: ${said}`)
  );
}

function statusOf(error: unknown): number | undefined {
  const { status, code, response } = (error ?? {}) as {
    status?: unknown;
    code?: unknown;
    response?: { status?: unknown };
  };
  for (const value of [status, response?.status, code]) {
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number)) return number;
  }
  return undefined;
}
