import { createHash } from 'node:crypto';
import {
  BatchDeleteImageCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEnvironments } from '../../environments';
import { describeWithClouds } from '../../testing/clouds';
import { setEnv, startHttp, type HttpService } from '../../testing/clouds/http';
import { createEcrRegistry } from '.';

const DESTINATION = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/train';
const IMAGE = `${DESTINATION}:${'a'.repeat(40)}`;
const signal = () => AbortSignal.timeout(20_000);
const open = () =>
  createEcrRegistry(DESTINATION, createEnvironments({ type: 'aws', region: 'us-east-1' }).aws);

describeWithClouds('ECR', ['moto'], () => {
  let ecr: ECRClient;
  beforeAll(() => {
    ecr = new ECRClient({ region: 'eu-west-1' });
  });
  it('makes the repository once, in the region of the address', async () => {
    expect(await open().exists(IMAGE, signal())).toBe(false);
    await Promise.all([open().ensureRepository(IMAGE, signal()), open().ensureRepository(IMAGE, signal())]);
    await open().ensureRepository(IMAGE, signal());
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand());
    expect(repositories?.map(({ repositoryName }) => repositoryName)).toEqual(['team/train']);
  });
  it('finds an image by its tag, and not another', async () => {
    const layer = {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      size: 1,
      digest: `sha256:${'0'.repeat(64)}`,
    };
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: { ...layer, mediaType: 'application/vnd.docker.container.image.v1+json' },
      layers: [layer],
    });
    const imageDigest = `sha256:${createHash('sha256').update(imageManifest).digest('hex')}`;
    const repositoryName = 'team/train';
    await ecr.send(
      new PutImageCommand({ repositoryName, imageManifest, imageDigest, imageTag: 'a'.repeat(40) }),
    );
    expect(await open().exists(IMAGE, signal())).toBe(true);
    expect(await open().exists(`${DESTINATION}:${'b'.repeat(40)}`, signal())).toBe(false);
    await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: 'a'.repeat(40) }] }));
    expect(await open().exists(IMAGE, signal())).toBe(false);
  });
  it('signs builders in', async () => {
    expect(await open().login(signal())).toMatchObject({ username: 'AWS' });
  });
});

describe('ECR that does not do what it is asked', () => {
  let service: HttpService | null = null;
  let restore: () => void = () => undefined;
  afterEach(async () => {
    restore();
    await service?.stop();
  });
  const answering = async (status: number, type: string, message = 'no') => {
    service = await startHttp((request, response) => {
      request.resume();
      const asked = String(request.headers['x-amz-target']).split('.').at(-1);
      const missing = type === 'AccessDeniedException' && asked === 'DescribeRepositories';
      response.writeHead(missing ? 400 : status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: missing ? 'RepositoryNotFoundException' : type, message }));
    });
    restore = setEnv({
      AWS_ENDPOINT_URL: service.url,
      AWS_ACCESS_KEY_ID: 'AKIASECRET',
      AWS_SECRET_ACCESS_KEY: 'hunter2',
    });
  };
  it.each([
    ['ExpiredTokenException', 400, 'unauthorized', 'have expired'],
    ['UnrecognizedClientException', 400, 'unauthorized', "does not accept the agent's credentials"],
    [
      'AccessDeniedException',
      400,
      'forbidden',
      "The agent's identity needs ecr:DescribeImages on arn:aws:ecr:eu-west-1:123456789012:repository/team/train.",
    ],
    ['ThrottlingException', 400, 'rate-limited', 'no more requests now'],
    ['ServerException', 500, 'unavailable', 'failed with status 500'],
  ])('%s', async (type, status, reason, text) => {
    await answering(status, type);
    const failed = open().exists(IMAGE, signal());
    await expect(failed).rejects.toMatchObject({ name: 'RegistryError', reason });
    await expect(failed).rejects.toThrow(text);
    await expect(failed).rejects.not.toThrow(/AKIA|hunter2/);
  });
  it('that may not be added to says who else can', async () => {
    await answering(400, 'AccessDeniedException');
    await expect(open().ensureRepository(IMAGE, signal())).rejects.toThrow(
      "Could not create the repository team/train, which is not there: AWS refused it. The agent's identity needs ecr:CreateRepository on",
    );
  });
  it('that hangs', async () => {
    service = await startHttp(() => undefined);
    restore = setEnv({ AWS_ENDPOINT_URL: service.url, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    await expect(open().login(AbortSignal.timeout(300))).rejects.toMatchObject({ reason: 'timeout' });
  });
});
