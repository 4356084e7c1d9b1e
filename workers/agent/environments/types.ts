import type { TokenCredential } from '@azure/identity';
import type { GoogleAuth } from 'google-auth-library';
import type { AwsClientConfig } from './aws';

interface Common {
  /**
   * Finds credentials by the platform's own default chain and has the platform confirm them.
   *
   * @returns who the agent is there, for people
   * @throws CloudError that says what to set
   */
  verify(signal: AbortSignal): Promise<string>;
}

export interface AwsEnvironment extends Common {
  readonly type: 'aws';
  /** Null: AWS_REGION or the profile says it. */
  readonly region: string | null;
  /** For every client of the AWS SDK: region, patience and timeouts; credentials come from the default chain. */
  readonly clientConfig: AwsClientConfig;
  /** The account of the credentials, 12 digits; asked once. @throws CloudError */
  account(signal: AbortSignal): Promise<string>;
}

export interface GcpEnvironment extends Common {
  readonly type: 'gcp';
  readonly region: string | null;
  /** Null: the credentials say it. */
  readonly project: string | null;
  auth(): Promise<GoogleAuth>;
  /** An access token of the scope cloud-platform, good for some minutes at least. @throws CloudError */
  token(signal: AbortSignal): Promise<string>;
}

export interface AzureEnvironment extends Common {
  readonly type: 'azure';
  credential(): Promise<TokenCredential>;
  /** An access token of Entra ID for a scope such as `https://management.azure.com/.default`. @throws CloudError */
  token(scope: string, signal: AbortSignal): Promise<string>;
}

export type Environment = AwsEnvironment | GcpEnvironment | AzureEnvironment;
