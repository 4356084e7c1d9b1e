import type { ECRClient } from '@aws-sdk/client-ecr';
import { parseEcrAddress, type EcrAddress } from '@/core/agent-config';
import { awsError } from '../../environments/aws';
import type { AwsEnvironment } from '../../environments';
import { registryError } from '../cloud-error';
import { RegistryError, type Registry, type RegistryCredentials } from '../types';

/** A token of ECR is good for 12 hours; one that ends within this time is not handed out, milliseconds. */
const MARGIN_MS = 60 * 60_000;

/**
 * Amazon ECR through its API. `destination` is an address in it: its account and region count, not those of the environment, so that
 * images may lie elsewhere. An image is listed only when its manifest is put, which ECR takes only when all its layers are there.
 */
export function createEcrRegistry(destination: string, environment: AwsEnvironment): Registry {
  const registry = ecrAddress(destination);
  const arn = (repository: string) =>
    `arn:aws:ecr:${registry.region}:${registry.account}:repository/${repository}`;
  let connected: Promise<ECRClient> | null = null;
  const connect = () => (connected ??= createClient(registry, environment));
  let kept: { credentials: RegistryCredentials; goodUntil: number } | null = null;

  return {
    async exists(image, signal) {
      const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr');
      const { account, repository } = ecrAddress(image);
      try {
        const { imageDetails = [] } = await (
          await connect()
        ).send(
          new DescribeImagesCommand({
            registryId: account,
            repositoryName: repository,
            imageIds: [{ imageTag: tagOf(image) }],
          }),
          { abortSignal: signal },
        );
        return imageDetails.length > 0;
      } catch (error) {
        if (isNamed(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) return false;
        throw failed(error, `look for ${image}`, `ecr:DescribeImages on ${arn(repository)}`);
      }
    },

    async login(signal) {
      if (kept !== null && kept.goodUntil > Date.now()) return kept.credentials;
      const { GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
      try {
        const { authorizationData } = await (
          await connect()
        ).send(new GetAuthorizationTokenCommand({}), { abortSignal: signal });
        const { authorizationToken = '', expiresAt } = authorizationData?.[0] ?? {};
        const [username = '', ...rest] = Buffer.from(authorizationToken, 'base64')
          .toString('utf8')
          .split(':');
        const credentials = { username, password: rest.join(':') };
        kept = { credentials, goodUntil: (expiresAt?.getTime() ?? 0) - MARGIN_MS };
        return credentials;
      } catch (error) {
        throw failed(error, `sign in to ${registry.host}`, 'ecr:GetAuthorizationToken on *');
      }
    },

    async tryPush(image, signal) {
      const { InitiateLayerUploadCommand } = await import('@aws-sdk/client-ecr');
      const { account, repository } = ecrAddress(image);
      try {
        await (
          await connect()
        ).send(new InitiateLayerUploadCommand({ registryId: account, repositoryName: repository }), {
          abortSignal: signal,
        });
        return `an upload to ${repository} was begun, which ECR forgets by itself`;
      } catch (error) {
        if (isNamed(error, 'RepositoryNotFoundException'))
          return `the repository ${repository} is not there; the first build creates it, which needs ecr:CreateRepository`;
        throw failed(error, `push to ${repository}`, `ecr:InitiateLayerUpload on ${arn(repository)}`);
      }
    },

    async ensureRepository(image, signal) {
      const { CreateRepositoryCommand, DescribeRepositoriesCommand } = await import('@aws-sdk/client-ecr');
      const { account, repository } = ecrAddress(image);
      if (repository === '') {
        throw new RegistryError(
          'config',
          `${image} names no repository; expected ${registry.host}/<repository>.`,
        );
      }
      const client = await connect();
      const one = { registryId: account };
      try {
        await client.send(new DescribeRepositoriesCommand({ ...one, repositoryNames: [repository] }), {
          abortSignal: signal,
        });
        return;
      } catch (error) {
        if (!isNamed(error, 'RepositoryNotFoundException'))
          throw failed(
            error,
            `look for the repository ${repository}`,
            `ecr:DescribeRepositories on ${arn(repository)}`,
          );
      }
      try {
        await client.send(new CreateRepositoryCommand({ ...one, repositoryName: repository }), {
          abortSignal: signal,
        });
      } catch (error) {
        // Another agent was faster.
        if (isNamed(error, 'RepositoryAlreadyExistsException')) return;
        throw failed(
          error,
          `create the repository ${repository}, which is not there`,
          `ecr:CreateRepository on ${arn(repository)}, or somebody else has to create it`,
        );
      }
    },
  };
}

function ecrAddress(image: string): EcrAddress {
  const parsed = parseEcrAddress(image);
  if (parsed !== null) return parsed;
  const expected = '<account>.dkr.ecr.<region>.amazonaws.com/<repository>';
  throw new RegistryError('config', `${image} is not an address of ECR; expected ${expected}.`);
}

/** `tag` of `host/repository:tag`. */
const tagOf = (image: string): string => /:([^:/@]+)$/.exec(image)?.[1] ?? 'latest';

async function createClient({ region }: EcrAddress, { clientConfig }: AwsEnvironment): Promise<ECRClient> {
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  return new ECRClient({ ...clientConfig, region });
}

const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);

const failed = (error: unknown, doing: string, permission: string): unknown =>
  registryError(awsError(error, { doing, permission }));
