import { builderSchema, choice, flag, list, object, text } from './types';

const metadata = object('Metadata of the object.', {
  name: text(
    'Name of the object. Slipway names it after the run unless it is given; ${run_id} keeps it unique.',
  ),
  namespace: text('Namespace; goes before the key "namespace".'),
  labels: object('Labels.', {}),
  annotations: object('Annotations.', {}),
});
const resources = object('What the container asks for and may use.', {
  requests: object('Guaranteed amount: cpu, memory, and resources such as nvidia.com/gpu.', {
    cpu: choice('CPUs.', '1000m', '4'),
    memory: choice('Memory.', '1Gi', '16Gi'),
  }),
  limits: object('Most the container may use.', {
    cpu: choice('CPUs.', '1000m', '4'),
    memory: choice('Memory.', '1Gi', '16Gi'),
    'nvidia.com/gpu': choice('GPUs.', 1, 8),
  }),
});
const securityContext = object('Privileges. Slipway fills in the restricted profile where it is absent.', {
  allowPrivilegeEscalation: flag('Whether a process may gain more privileges than its parent.'),
  capabilities: object('Linux capabilities.', {
    add: list('Capabilities to add.'),
    drop: list('Capabilities to drop.'),
  }),
  privileged: flag('Run with all privileges of the node.'),
  readOnlyRootFilesystem: flag('Mount the root file system read-only.'),
  runAsNonRoot: flag('Refuse to run as root.'),
  runAsUser: text('User id.'),
  seccompProfile: object('System calls that are allowed.', {
    type: choice('Kind of profile.', 'RuntimeDefault', 'Unconfined', 'Localhost'),
  }),
});
const container = object(
  'A container. The first one runs the job: its image, command and args come from the launch.',
  {
    name: text('Name of the container.'),
    image: choice('Image; ${image_uri} is the image of the run.', '${image_uri}'),
    imagePullPolicy: choice('When the image is pulled.', 'Always', 'IfNotPresent', 'Never'),
    command: list('Program and first arguments.'),
    args: list('Arguments.'),
    env: list(
      'Environment variables.',
      object('One variable.', {
        name: text('Name.'),
        value: text('Value.'),
        valueFrom: object('Where the value comes from: a Secret, a ConfigMap, a field.', {}),
      }),
    ),
    envFrom: list('Secrets and ConfigMaps whose keys become variables.'),
    resources,
    securityContext,
    volumeMounts: list(
      'Where volumes are mounted.',
      object('One mount.', {
        name: text('Name of the volume.'),
        mountPath: text('Path in the container.'),
        readOnly: flag('Read-only.'),
        subPath: text('Path inside the volume.'),
      }),
    ),
    workingDir: text('Working directory.'),
  },
);
const podSpec = object('Specification of the pod.', {
  containers: list('Containers of the pod.', container),
  initContainers: list('Containers that run to their end first.', container),
  volumes: list('Volumes of the pod.'),
  nodeSelector: object('Labels that the node must have.', {}),
  tolerations: list(
    'Taints that the pod tolerates.',
    object('One toleration.', {
      key: text('Key.'),
      operator: choice('Operator.', 'Exists', 'Equal'),
      value: text('Value.'),
      effect: choice('Effect.', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
    }),
  ),
  affinity: object('Rules about nodes and other pods.', {}),
  restartPolicy: choice('Never, unless it is given.', 'Never', 'OnFailure'),
  serviceAccountName: text('Service account of the pod.'),
  imagePullSecrets: list('Secrets with credentials of registries.'),
  priorityClassName: text('Priority class.'),
  schedulerName: text('Scheduler.'),
  runtimeClassName: text('Runtime class.'),
  hostNetwork: flag('Use the network of the node.'),
  terminationGracePeriodSeconds: text('Seconds between SIGTERM and SIGKILL.'),
  securityContext,
});

export const kubernetesSchema = object(
  'A partial Job (batch/v1), or any custom resource with apiVersion and kind.',
  {
    apiVersion: choice(
      'batch/v1 unless it is given.',
      'batch/v1',
      'kubeflow.org/v1',
      'batch.volcano.sh/v1alpha1',
      'jobset.x-k8s.io/v1alpha2',
      'ray.io/v1',
    ),
    kind: choice('Job unless it is given.', 'Job', 'PyTorchJob', 'JobSet', 'RayJob'),
    namespace: text('Namespace of the run.'),
    metadata,
    spec: object('Specification of the Job or custom resource.', {
      backoffLimit: choice(
        'Retries by Kubernetes; 0 unless it is given, since Slipway has a retry policy of its own.',
        0,
      ),
      ttlSecondsAfterFinished: choice(
        'Seconds until the ended Job is deleted; 60 unless it is given.',
        60,
        600,
      ),
      activeDeadlineSeconds: text('Longest time the Job may take, seconds.'),
      parallelism: text('Pods that run at the same time.'),
      completions: text('Pods that have to succeed.'),
      completionMode: choice('Whether each pod has an index.', 'NonIndexed', 'Indexed'),
      template: object('The pod of the Job.', { metadata, spec: podSpec }),
    }),
    builder: builderSchema,
  },
);
