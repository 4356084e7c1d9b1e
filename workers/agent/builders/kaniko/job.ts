import { createHash } from 'node:crypto';
import { registryTypeOf, type AgentBuilder, type AgentConfig, type RegistryType } from '@/core/agent-config';
import type { JsonObject } from '@/core/wire';
import { mergeKanikoConfig } from './merge';

/** The last release of the project. */
const DEFAULT_IMAGE = 'gcr.io/kaniko-project/executor:v1.24.0';
/** Seconds that a build may take. */
export const DEADLINE_SECONDS = 1800;
/** Seconds after which the cluster removes a Job that no agent came back for. */
const KEEP_SECONDS = 86_400;
export const CONTAINER = 'kaniko';

/** On Job and pod: whose they are, and which build. */
export const MANAGED = { 'app.kubernetes.io/managed-by': 'slipway', 'app.kubernetes.io/component': 'build' };
export const BUILD_LABEL = 'slipway.dev/build';
/** On the Job: key of its context in the store, and the store, so that any agent can remove it. */
export const CONTEXT_ANNOTATION = 'slipway.dev/context';
export const STORE_ANNOTATION = 'slipway.dev/context-store';

export interface KanikoBuild {
  image: string;
  destination: string;
  platform: string | null;
  dockerfilePath: string;
  namespace: string;
  /** Key in the store. */
  contextKey: string;
  /** As kaniko takes it. */
  contextUrl: string;
}

/** Follows from the name of the image alone, so that every agent finds a build that runs. */
export const buildId = (image: string): string =>
  createHash('sha256').update(image).digest('hex').slice(0, 16);
export const buildJobName = (builder: AgentBuilder, image: string): string =>
  `${builder.buildJobName}-${buildId(image)}`;

/**
 * The Kubernetes Job of a build: one container, no second try, half an hour at most.
 * Flags of kaniko: https://github.com/GoogleContainerTools/kaniko#additional-flags
 *
 * @param serviceAccount of the pod; null: the namespace's own
 */
export function kanikoJob(
  build: KanikoBuild,
  config: AgentConfig,
  builder: AgentBuilder,
  serviceAccount: string | null,
): JsonObject {
  const name = buildJobName(builder, build.image);
  const labels = { ...MANAGED, [BUILD_LABEL]: buildId(build.image) };
  const type = config.registry?.type ?? registryTypeOf(build.destination);
  const secret = secretOf(builder, type);
  const azureIdentity: Record<string, string> =
    type === 'acr' && secret === null ? { 'azure.workload.identity/use': 'true' } : {};
  const job: JsonObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: build.namespace,
      labels,
      annotations: {
        'slipway.dev/image': build.image,
        [CONTEXT_ANNOTATION]: build.contextKey,
        [STORE_ANNOTATION]: builder.buildContextStore ?? '',
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      ttlSecondsAfterFinished: KEEP_SECONDS,
      template: {
        metadata: { labels: { ...labels, ...azureIdentity } },
        spec: {
          restartPolicy: 'Never',
          ...(serviceAccount === null ? {} : { serviceAccountName: serviceAccount }),
          containers: [
            {
              name: CONTAINER,
              image: builder.kanikoImage ?? DEFAULT_IMAGE,
              args: argumentsOf(build),
              env: [...environmentOf(config, builder), ...(secret?.env ?? [])],
              ...(secret === null ? {} : { volumeMounts: [secret.mount] }),
            },
          ],
          ...(secret === null ? {} : { volumes: [secret.volume] }),
        },
      },
    },
  };
  const merged = mergeKanikoConfig(job, builder.kanikoConfig);
  // Found again by name, whatever the configuration says.
  const metadata = merged['metadata'] as JsonObject;
  return { ...merged, metadata: { ...metadata, name, namespace: build.namespace } };
}

const argumentsOf = ({ contextUrl, dockerfilePath, image, destination, platform }: KanikoBuild): string[] => [
  `--context=${contextUrl}`,
  `--dockerfile=${dockerfilePath}`,
  `--destination=${image}`,
  '--cache=true',
  `--cache-repo=${destination}`,
  // Layers are compared by more than time stamps, since the context has none; and large ones are not held in memory.
  '--snapshot-mode=redo',
  '--compressed-caching=false',
  ...(platform === null ? [] : [`--custom-platform=${platform}`]),
];

function environmentOf({ environment }: AgentConfig, builder: AgentBuilder): JsonObject[] {
  const env: JsonObject[] = [];
  if (environment?.type === 'aws') env.push({ name: 'AWS_REGION', value: environment.region });
  if (builder.buildContextStore?.startsWith('https://')) {
    // kaniko reads Azure Blob by the account's key only.
    const secretKeyRef = { name: 'azure-storage-access-key', key: 'password', optional: true };
    env.push({ name: 'AZURE_STORAGE_ACCESS_KEY', valueFrom: { secretKeyRef } });
  }
  return env;
}

interface MountedSecret {
  volume: JsonObject;
  mount: JsonObject;
  env: JsonObject[];
}

/** Where kaniko looks for what a Secret holds: a docker configuration, or the credentials file of the registry's cloud. */
function secretOf({ secretName, secretKey }: AgentBuilder, type: RegistryType): MountedSecret | null {
  if (secretName === null || secretKey === null) return null;
  const isDocker = /^\.?(docker)?config(json|\.json)$/.test(secretKey);
  const place =
    isDocker || type === 'docker' || type === 'acr'
      ? { directory: '/kaniko/.docker', file: 'config.json', variable: null }
      : type === 'ecr'
        ? { directory: '/root/.aws', file: 'credentials', variable: null }
        : { directory: '/kaniko/.gcp', file: 'key.json', variable: 'GOOGLE_APPLICATION_CREDENTIALS' };
  const { directory, file, variable } = place;
  return {
    volume: {
      name: 'registry-credentials',
      secret: { secretName, items: [{ key: secretKey, path: file }] },
    },
    mount: { name: 'registry-credentials', mountPath: directory, readOnly: true },
    env: variable === null ? [] : [{ name: variable, value: `${directory}/${file}` }],
  };
}
