import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { setEnv } from '../testing/clouds/http';
import { CustomJobs } from '../testing/custom-jobs';
import { FakeServer } from '../testing/fake-server';
import { TrainingJobs } from '../testing/training-jobs';
import { checkAgent } from '.';

const aws = new TrainingJobs();
const gcp = new CustomJobs();
const server = new FakeServer();
let home: string;
let restore: () => void;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'slipway-check-'));
  await Promise.all([aws.start(), gcp.start(), server.start()]);
  restore = setEnv({
    ...aws.env,
    ...gcp.env,
    KUBECONFIG: path.join(home, 'none'),
    SLIPWAY_BASE_URL: server.baseUrl,
    SLIPWAY_AGENT_TOKEN: server.token,
  });
});
afterAll(async () => {
  restore();
  await Promise.all([aws.stop(), gcp.stop(), server.stop()]);
  await rm(home, { recursive: true, force: true });
});
beforeEach(() => {
  aws.intercept = () => undefined;
  gcp.intercept = () => undefined;
});

async function resource(name: string, environment: string): Promise<string | undefined> {
  const configFile = path.join(home, 'launch-config.yaml');
  await writeFile(configFile, `queues: [q]\nenvironment: ${environment}\nbuilder: { type: noop }\n`);
  const line = (await checkAgent({ configFile })).find(({ check }) => check === `resource ${name}`);
  return line && `${line.result}: ${line.detail}`;
}

it('SageMaker is asked, and the right that is missing is named', async () => {
  const environment = '{ type: aws, region: us-east-1 }';
  expect(await resource('sagemaker', environment)).toBe('ok: training jobs can be listed');
  aws.intercept = (action) =>
    action === 'ListTrainingJobs'
      ? { status: 400, type: 'AccessDeniedException', message: 'User agent is not authorized' }
      : undefined;
  expect(await resource('sagemaker', environment)).toMatch(
    /^skipped: runs of SageMaker queues cannot be served: .*sagemaker:ListTrainingJobs/,
  );
  expect(await resource('gcp-vertex', environment)).toMatch(/^skipped: environment.type is not gcp/);
});

it('Vertex AI is asked, and the right that is missing is named', async () => {
  const environment = '{ type: gcp, region: us-central1, project: my-project }';
  expect(await resource('gcp-vertex', environment)).toBe(
    'ok: custom jobs of my-project in us-central1 can be listed',
  );
  gcp.intercept = () => ({ code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied' });
  expect(await resource('gcp-vertex', environment)).toMatch(
    /^skipped: runs of Vertex queues cannot be served: .*aiplatform\.customJobs\.list/,
  );
  expect(await resource('sagemaker', environment)).toMatch(/^skipped: environment.type is not aws/);
});
