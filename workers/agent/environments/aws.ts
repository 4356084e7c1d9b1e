import { CloudError, commonError, firstLine, type CloudAction } from './errors';
import type { AwsEnvironment } from './types';

export interface AwsClientConfig {
  region?: string;
  maxAttempts: number;
  /** Milliseconds. A socket that is silent for so long is closed and the request made again. */
  requestHandler: { connectionTimeout: number; socketTimeout: number };
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const NO_CREDENTIALS =
  'Give the machine or pod a role, set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

/** AWS by the default chain of its SDK: variables, profile, SSO, web identity (EKS), container and instance roles. */
export function createAwsEnvironment(region: string | null): AwsEnvironment {
  const clientConfig: AwsClientConfig = {
    ...(region === null ? {} : { region }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 30_000 },
  };
  let asked: Promise<{ account: string; arn: string }> | null = null;
  const identity = (signal: AbortSignal) => {
    asked ??= callerIdentity(clientConfig, signal).catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
  return {
    type: 'aws',
    region,
    clientConfig,
    account: async (signal) => (await identity(signal)).account,
    verify: async (signal) => {
      if (region !== null && !REGION.test(region)) {
        throw new CloudError(
          'config',
          `environment.region: "${region}" is not an AWS region; expected one such as us-east-1.`,
        );
      }
      asked = null;
      const { account, arn } = await identity(signal);
      return `${arn} (account ${account}${region === null ? '' : `, ${region}`})`;
    },
  };
}

async function callerIdentity(config: AwsClientConfig, signal: AbortSignal) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(config);
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand(), { abortSignal: signal });
    return { account: Account ?? '', arn: Arn ?? 'an unknown identity' };
  } catch (error) {
    throw awsError(error, { doing: 'ask AWS who the agent is', permission: 'sts:GetCallerIdentity' });
  } finally {
    client.destroy();
  }
}

const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const WRONG =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure|InvalidToken)$/;
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AllAccessDisabled)$/;
const THROTTLED = /^(Throttling.*|TooManyRequests.*|SlowDown|RequestLimitExceeded|LimitExceededException)$/;
const OTHER_REGION =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|RegionDisabledException)$/;

/** An error of the AWS SDK as one that says what to do. */
export function awsError(error: unknown, action: CloudAction): CloudError {
  if (error instanceof CloudError) return error;
  const name = error instanceof Error ? error.name : '';
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  const make = (reason: CloudError['reason'], why: string) =>
    new CloudError(reason, `Could not ${action.doing}: ${why}`, {
      permission: action.permission,
      cause: error,
    });
  const said = firstLine(error);
  if (EXPIRED.test(name) || (name === 'CredentialsProviderError' && /expired/i.test(said))) {
    return make(
      'credentials',
      `the AWS credentials of the agent have expired. Renew them (aws sso login, a new session token). AWS said: ${said}`,
    );
  }
  if (name === 'CredentialsProviderError')
    return make('credentials', `no AWS credentials were found. ${NO_CREDENTIALS}`);
  if (WRONG.test(name)) {
    return make(
      'credentials',
      `AWS does not accept the agent's credentials, or the region is not switched on for the account (${name}). ${NO_CREDENTIALS}`,
    );
  }
  if (name === 'NoSuchBucket' || OTHER_REGION.test(name)) {
    return make(
      name === 'NoSuchBucket' ? 'not-found' : 'config',
      `${said} (${name}). Check the name, and that environment.region is right.`,
    );
  }
  if (/region is missing/i.test(said))
    return make('config', 'no region is known. Set environment.region, or AWS_REGION.');
  if (DENIED.test(name)) return commonError(error, 'AWS', action, 403) as CloudError;
  if (THROTTLED.test(name)) return commonError(error, 'AWS', action, 429) as CloudError;
  if (status === 404) return make('not-found', `${said} (${name})`);
  return (
    commonError(error, 'AWS', action, status) ??
    make('unavailable', `AWS said ${name || 'an error'}: ${said}`)
  );
}
