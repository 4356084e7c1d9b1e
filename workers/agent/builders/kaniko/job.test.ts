import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseAgentConfig, type AgentConfig } from '@/core/agent-config';
import { kanikoJob } from './job';
import { mergeKanikoConfig } from './merge';

const TAG = '0123456789abcdef0123456789abcdef01234567';
/** As the guide prints it. */
const GUIDE_CONFIG = `  build-job-name: wandb-image-build
  kaniko-config:
    spec:
      template:
        spec:
          containers:
          - args:
            - "--cache=false" # Args must be in the format "key=value"
            env:
            - name: "MY_ENV_VAR"
              value: "my-env-var-value"
`;

function parse(text: string): AgentConfig {
  const { config, problems } = parseAgentConfig(text);
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

function jobOf(text: string, serviceAccount: string | null = null) {
  const config = parse(text);
  const builder = config.builder!;
  const destination = builder.destination!;
  return kanikoJob(
    {
      image: `${destination}:${TAG}`,
      destination,
      platform: null,
      dockerfilePath: 'Dockerfile',
      namespace: 'launch',
      contextKey: `${TAG}.tgz`,
      contextUrl: `${builder.buildContextStore!}/${TAG}.tgz`,
    },
    config,
    builder,
    serviceAccount,
  );
}

/** The documented Job (docs/guides/kaniko.md) with the guide's kaniko-config merged. */
const documented = (cloud: { destination: string; store: string; env?: object[]; podLabels?: object }) => {
  const hash = createHash('sha256').update(`${cloud.destination}:${TAG}`).digest('hex').slice(0, 16);
  const labels = {
    'app.kubernetes.io/managed-by': 'slipway',
    'app.kubernetes.io/component': 'build',
    'slipway.dev/build': hash,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `wandb-image-build-${hash}`,
      namespace: 'launch',
      labels,
      annotations: {
        'slipway.dev/image': `${cloud.destination}:${TAG}`,
        'slipway.dev/context': `${TAG}.tgz`,
        'slipway.dev/context-store': cloud.store,
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 1800,
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels: { ...labels, ...cloud.podLabels } },
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: 'kaniko',
              image: 'gcr.io/kaniko-project/executor:v1.24.0',
              args: [
                `--context=${cloud.store}/${TAG}.tgz`,
                '--dockerfile=Dockerfile',
                `--destination=${cloud.destination}:${TAG}`,
                '--cache=false',
                `--cache-repo=${cloud.destination}`,
                '--snapshot-mode=redo',
                '--compressed-caching=false',
              ],
              env: [...(cloud.env ?? []), { name: 'MY_ENV_VAR', value: 'my-env-var-value' }],
            },
          ],
        },
      },
    },
  };
};

describe('the build Job', () => {
  it('on AWS', () => {
    const text = `environment:\n  type: aws\n  region: us-east-1\nbuilder:\n  type: kaniko\n  destination: 123456789012.ecr.us-east-1.amazonaws.com/repo\n  build-context-store: s3://bucket/path\n${GUIDE_CONFIG}`;
    expect(jobOf(text)).toEqual(
      documented({
        destination: '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo',
        store: 's3://bucket/path',
        env: [{ name: 'AWS_REGION', value: 'us-east-1' }],
      }),
    );
  });
  it('on Google Cloud', () => {
    const text = `environment:\n  type: gcp\n  region: us-central1\n  project: my-project\nbuilder:\n  type: kaniko\n  uri: us-central1-docker.pkg.dev/my-project/repo/image\n  build-context-store: gs://bucket/path\n${GUIDE_CONFIG}`;
    expect(jobOf(text)).toEqual(
      documented({
        destination: 'us-central1-docker.pkg.dev/my-project/repo/image',
        store: 'gs://bucket/path',
      }),
    );
  });
  it('on Azure', () => {
    const text = `environment:\n  type: azure\nbuilder:\n  type: kaniko\n  destination: https://myregistry.azurecr.io/repo\n  build-context-store: https://account.blob.core.windows.net/container\n${GUIDE_CONFIG}`;
    const secretKeyRef = { name: 'azure-storage-access-key', key: 'password', optional: true };
    expect(jobOf(text)).toEqual(
      documented({
        destination: 'myregistry.azurecr.io/repo',
        store: 'https://account.blob.core.windows.net/container',
        env: [{ name: 'AZURE_STORAGE_ACCESS_KEY', valueFrom: { secretKeyRef } }],
        podLabels: { 'azure.workload.identity/use': 'true' },
      }),
    );
  });

  const container = (job: object) =>
    (job as { spec: { template: { spec: Record<string, unknown[]> } } }).spec.template.spec;
  it.each([
    ['registry.example.com/a', 'config.json', '/kaniko/.docker', 'config.json', undefined],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com/a', 'credentials', '/root/.aws', 'credentials', undefined],
    [
      '123456789012.dkr.ecr.us-east-1.amazonaws.com/a',
      '.dockerconfigjson',
      '/kaniko/.docker',
      'config.json',
      undefined,
    ],
    [
      'us-docker.pkg.dev/p/r/i',
      'key',
      '/kaniko/.gcp',
      'key.json',
      { name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/kaniko/.gcp/key.json' },
    ],
    ['x.azurecr.io/a', 'config', '/kaniko/.docker', 'config.json', undefined],
  ])('%s: puts %s of a Secret where kaniko looks for it', (destination, key, mountPath, path, variable) => {
    const spec = container(
      jobOf(
        `builder:\n  type: kaniko\n  destination: ${destination}\n  build-context-store: s3://bucket\n  secret-name: regcred\n  secret-key: ${key}\n`,
        'builder',
      ),
    );
    expect(spec['volumes']).toEqual([
      { name: 'registry-credentials', secret: { secretName: 'regcred', items: [{ key, path }] } },
    ]);
    expect(spec['containers']).toMatchObject([
      {
        volumeMounts: [{ name: 'registry-credentials', mountPath, readOnly: true }],
        env: variable ? [variable] : [],
      },
    ]);
    expect(spec['serviceAccountName']).toBe('builder');
  });
});

describe('kaniko-config', () => {
  const job = {
    metadata: { labels: { a: '1' } },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          containers: [{ name: 'kaniko', args: ['--a=1', '--b=2'], env: [{ name: 'A', value: '1' }] }],
          volumes: [{ name: 'x', emptyDir: {} }],
        },
      },
    },
  };
  it('replaces arguments by key, and adds others, also several of one key', () => {
    const merged = mergeKanikoConfig(job, {
      spec: {
        template: {
          spec: { containers: [{ args: ['--b=3', '--build-arg=X=1', '--build-arg=Y=2', '--verbose'] }] },
        },
      },
    });
    expect(merged).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [{ args: ['--a=1', '--b=3', '--build-arg=X=1', '--build-arg=Y=2', '--verbose'] }],
          },
        },
      },
    });
  });
  it('merges maps, variables and volumes, and adds containers of other names', () => {
    const merged = mergeKanikoConfig(job, {
      metadata: { labels: { b: '2' } },
      spec: {
        backOffLimit: 2,
        template: {
          spec: {
            nodeSelector: { disk: 'ssd' },
            volumes: [
              { name: 'x', hostPath: { path: '/x' } },
              { name: 'y', emptyDir: {} },
            ],
            containers: [
              { name: 'sidecar', image: 's' },
              {
                name: 'kaniko',
                resources: { limits: { memory: '8Gi' } },
                env: [
                  { name: 'A', value: '2' },
                  { name: 'B', value: '3' },
                ],
              },
            ],
          },
        },
      },
    });
    expect(merged).toEqual({
      metadata: { labels: { a: '1', b: '2' } },
      spec: {
        backoffLimit: 2,
        template: {
          spec: {
            nodeSelector: { disk: 'ssd' },
            volumes: [
              { name: 'x', hostPath: { path: '/x' } },
              { name: 'y', emptyDir: {} },
            ],
            containers: [
              {
                name: 'kaniko',
                args: ['--a=1', '--b=2'],
                env: [
                  { name: 'A', value: '2' },
                  { name: 'B', value: '3' },
                ],
                resources: { limits: { memory: '8Gi' } },
              },
              { name: 'sidecar', image: 's' },
            ],
          },
        },
      },
    });
    expect(job.spec.template.spec.containers).toHaveLength(1);
  });
});
