import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeWithClouds } from '../testing/clouds';
import { setEnv, startHttp, type HttpService } from '../testing/clouds/http';
import { parseAgentConfig } from '@/core/agent-config';
import { AgentUsageError } from '../config';
import type { AgentLog } from '../support/logger';
import { confirmEnvironment } from './confirm';
import { createEnvironments } from '.';

const signal = () => AbortSignal.timeout(20_000);
let home: string;
let restore: (() => void)[] = [];
let services: HttpService[] = [];
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'slipway-home-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));
afterEach(async () => {
  for (const putBack of restore.reverse()) putBack();
  await Promise.all(services.map((service) => service.stop()));
  restore = [];
  services = [];
});
const env = (variables: Record<string, string | undefined>) => restore.push(setEnv(variables));
const serve = async (...args: Parameters<typeof startHttp>) => {
  const service = await startHttp(...args);
  services.push(service);
  return service;
};

const aws = { type: 'aws', region: 'us-east-1' } as const;
const gcp = { type: 'gcp', region: 'us-central1', project: 'my-project' } as const;

describeWithClouds('the environment aws', ['moto'], () => {
  it('says who the agent is', async () => {
    const { configured } = createEnvironments(aws);
    expect(await configured?.verify(signal())).toBe(
      'arn:aws:sts::123456789012:user/moto (account 123456789012, us-east-1)',
    );
    expect(await createEnvironments(aws).aws.account(signal())).toBe('123456789012');
  });
  it('says what to set when there are no credentials', async () => {
    env({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, HOME: home });
    await expect(createEnvironments(aws).aws.verify(signal())).rejects.toThrow(
      /^Could not ask AWS who the agent is: no AWS credentials were found. Give the machine or pod a role, set AWS_PROFILE/,
    );
  });
  it('tells a region that is none', async () => {
    await expect(createEnvironments({ type: 'aws', region: 'us-esat' }).aws.verify(signal())).rejects.toThrow(
      'environment.region: "us-esat" is not an AWS region; expected one such as us-east-1.',
    );
  });
  it.each([
    ['ExpiredToken', 403, 'the AWS credentials of the agent have expired'],
    ['InvalidClientTokenId', 403, 'AWS does not accept the agent'],
    ['AccessDenied', 403, "The agent's identity needs sts:GetCallerIdentity"],
  ])('tells %s apart', async (code, status, expected) => {
    const sts = await serve((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>The security token https://x.test/?X-Amz-Signature=SECRET is included</Message></Error></ErrorResponse>`,
      );
    });
    env({ AWS_ENDPOINT_URL: sts.url });
    const failed = createEnvironments(aws).aws.verify(signal());
    await expect(failed).rejects.toThrow(expected);
    await expect(failed).rejects.not.toThrow(/X-Amz|Signature=/);
  });
  it('does not wait for ever for a service that hangs', async () => {
    const silent = await serve(() => undefined);
    env({ AWS_ENDPOINT_URL: silent.url });
    await expect(createEnvironments(aws).aws.verify(AbortSignal.timeout(300))).rejects.toThrow(
      'AWS did not answer in time',
    );
  });
});

describe('the environment gcp', () => {
  const metadata = (answer: string | number) =>
    serve((request, response) => {
      const isToken = request.url?.includes('/token');
      response.writeHead(isToken && typeof answer === 'number' ? answer : 200, {
        'metadata-flavor': 'Google',
        'content-type': isToken ? 'application/json' : 'text/plain',
      });
      if (isToken) return void response.end(answer === 404 ? '' : String(answer));
      response.end(request.url?.includes('email') ? 'agent@my-project.iam.gserviceaccount.com' : 'computed');
    });
  const away = {
    GOOGLE_APPLICATION_CREDENTIALS: undefined,
    HOME: '/nonexistent',
    CLOUDSDK_CONFIG: undefined,
  };

  it('takes the service account of the machine', async () => {
    const service = await metadata('{"access_token":"ya29.SECRET","expires_in":3600,"token_type":"Bearer"}');
    env({ ...away, GCE_METADATA_HOST: service.host, METADATA_SERVER_DETECTION: 'assume-present' });
    const { gcp: environment } = createEnvironments(gcp);
    expect(await environment.verify(signal())).toBe(
      'agent@my-project.iam.gserviceaccount.com (project my-project, us-central1)',
    );
    expect(await environment.token(signal())).toBe('ya29.SECRET');
  });
  it('says what to set when there are no credentials', async () => {
    env({ ...away, METADATA_SERVER_DETECTION: 'none' });
    await expect(createEnvironments(gcp).gcp.verify(signal())).rejects.toThrow(
      /no Google Cloud credentials were found. Run on Google Cloud with a service account/,
    );
  });
  it('tells a zone from a region, and a name that is no project', async () => {
    await expect(
      createEnvironments({ ...gcp, region: 'us-central1-a' }).gcp.verify(signal()),
    ).rejects.toThrow('"us-central1-a" is a zone; its region is us-central1.');
    await expect(createEnvironments({ ...gcp, project: 'My Project' }).gcp.verify(signal())).rejects.toThrow(
      'environment.project: "My Project" is not the id of a project',
    );
  });
});

describe('the environment azure', () => {
  it('takes the managed identity of the machine', async () => {
    const claims = Buffer.from(JSON.stringify({ appid: 'app-1', tid: 'tenant-1' })).toString('base64url');
    const service = await serve((_request, response) => {
      response.setHeader('content-type', 'application/json');
      const expires = Math.floor(Date.now() / 1000) + 3600;
      response.end(
        JSON.stringify({
          access_token: `e30.${claims}.s`,
          expires_on: String(expires),
          resource: 'r',
          token_type: 'Bearer',
        }),
      );
    });
    env({ IDENTITY_ENDPOINT: service.url, IDENTITY_HEADER: 'secret', AZURE_TOKEN_CREDENTIALS: 'prod' });
    expect(await createEnvironments({ type: 'azure' }).azure.verify(signal())).toBe(
      'app-1 (tenant tenant-1)',
    );
  });
  it('says what to set when there are no credentials', async () => {
    env({ AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential', AZURE_CLIENT_ID: undefined });
    await expect(createEnvironments({ type: 'azure' }).azure.verify(signal())).rejects.toThrow(
      /^Could not get a token from Azure: no Azure credentials were found. Give the machine/,
    );
  });
});

describeWithClouds('an agent that starts', ['moto'], () => {
  const said = async (text: string) => {
    const { config } = parseAgentConfig(text);
    const lines: string[] = [];
    const keep = (message: string) => void lines.push(message);
    const log: AgentLog = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
    await confirmEnvironment(createEnvironments(config!.environment).configured, config!, log);
    return lines;
  };
  const file = (account: string) =>
    `environment:\n  type: aws\n  region: us-east-1\nregistry:\n  uri: ${account}.dkr.ecr.us-east-1.amazonaws.com/a\n`;
  it('says who it is, and when images go to the account of somebody else', async () => {
    const who = 'AWS: arn:aws:sts::123456789012:user/moto (account 123456789012, us-east-1)';
    expect(await said(file('123456789012'))).toEqual([who]);
    expect(await said(file('210987654321'))).toEqual([
      who,
      "Images go to the ECR of account 210987654321, but the agent's credentials are of 123456789012: the repository needs a policy that lets it in, or the address is wrong.",
    ]);
    expect(await said('max_jobs: 1\n')).toEqual([]);
  });
  it('does not start without credentials, and says what to set', async () => {
    env({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, HOME: home });
    const started = said(file('123456789012'));
    await expect(started).rejects.toThrow(
      /^environment.type is aws: Could not ask AWS who the agent is: no AWS credentials were found/,
    );
    await expect(started).rejects.toBeInstanceOf(AgentUsageError);
  });
  it('starts when the cloud cannot be reached just now', async () => {
    env({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(await said(file('123456789012'))).toEqual([
      expect.stringContaining(
        'environment.type is aws: Could not ask AWS who the agent is: AWS cannot be reached',
      ),
    ]);
  });
});
