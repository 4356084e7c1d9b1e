import { choice, flag, list, object, text, type Schema } from './types';

/**
 * The custom resources that Slipway knows, as far as their users write them: where their pod templates stand and how they run. Field
 * names after the API references of Kubeflow, Volcano, JobSet, KubeRay and Argo Workflows; the words are Slipway's.
 */
export interface KnownKind {
  apiVersion: string;
  kind: string;
  spec: Schema;
}

const template: Schema = { $ref: '#/definitions/PodTemplateSpec' };
const anything = (description: string): Schema => ({ type: 'object', description });

const runPolicy = object('How the job is run and what is left of it.', {
  cleanPodPolicy: choice('Which pods are removed at the end.', 'None', 'Running', 'All'),
  ttlSecondsAfterFinished: text('Seconds until the ended job is deleted.'),
  activeDeadlineSeconds: text('Longest time the job may take, seconds.'),
  backoffLimit: text('Retries before the job counts as failed.'),
  suspend: flag('Held back, for example by Kueue, until it is let in.'),
  schedulingPolicy: anything('Gang scheduling: queue, priority class, least number of pods.'),
});
const replica = (role: string) =>
  object(`Replicas: ${role}.`, {
    replicas: text('How many pods.'),
    restartPolicy: choice('When a pod is started again.', 'Never', 'OnFailure', 'Always', 'ExitCode'),
    template,
  });

const kubeflow = (
  kind: string,
  specs: string,
  roles: Record<string, string>,
  more: Record<string, Schema> = {},
): KnownKind => ({
  apiVersion: kind === 'MPIJob' ? 'kubeflow.org/v2beta1' : 'kubeflow.org/v1',
  kind,
  spec: object(`A ${kind} of Kubeflow.`, {
    [specs]: object(
      'Its pods by role.',
      Object.fromEntries(Object.entries(roles).map(([role, words]) => [role, replica(words)])),
    ),
    runPolicy,
    ...more,
  }),
});

export const KNOWN_KINDS: readonly KnownKind[] = [
  kubeflow(
    'PyTorchJob',
    'pytorchReplicaSpecs',
    { Master: 'the one with rank 0', Worker: 'the others' },
    {
      elasticPolicy: anything('Numbers of replicas and restarts of elastic training.'),
      nprocPerNode: text('Processes a node.'),
    },
  ),
  kubeflow('TFJob', 'tfReplicaSpecs', {
    Chief: 'the chief',
    Worker: 'workers',
    PS: 'parameter servers',
    Evaluator: 'evaluators',
  }),
  kubeflow('XGBoostJob', 'xgbReplicaSpecs', { Master: 'the master', Worker: 'workers' }),
  kubeflow(
    'MPIJob',
    'mpiReplicaSpecs',
    {
      Launcher: 'the one that runs mpirun, and the command of the launch',
      Worker: 'workers, which wait for it',
    },
    {
      slotsPerWorker: text('Processes a worker.'),
      mpiImplementation: choice('Implementation.', 'OpenMPI', 'Intel', 'MPICH'),
    },
  ),
  {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    spec: object('A TrainJob of Kubeflow Trainer.', {
      runtimeRef: object('The runtime that it is made of.', {
        name: text('Name of the runtime.'),
        kind: choice('Kind.', 'ClusterTrainingRuntime', 'TrainingRuntime'),
        apiGroup: text('Group.'),
      }),
      trainer: object(
        'The training itself; image, command, arguments and environment come from the launch.',
        {
          image: text('Image.'),
          command: list('Program and first arguments.'),
          args: list('Arguments.'),
          env: { type: 'array', items: { $ref: '#/definitions/EnvVar' } },
          numNodes: text('How many nodes.'),
          numProcPerNode: text('Processes a node.'),
          resourcesPerNode: { $ref: '#/definitions/ResourceRequirements' },
        },
      ),
      initializer: anything('What loads data set and model beforehand.'),
      suspend: flag('Held back until it is let in.'),
    }),
  },
  {
    apiVersion: 'batch.volcano.sh/v1alpha1',
    kind: 'Job',
    spec: object('A Job of Volcano.', {
      queue: text('Queue of Volcano.'),
      minAvailable: text('Pods that have to fit before any starts.'),
      schedulerName: choice('Scheduler.', 'volcano'),
      priorityClassName: text('Priority class.'),
      maxRetry: text('Retries.'),
      ttlSecondsAfterFinished: text('Seconds until the ended job is deleted.'),
      plugins: anything('Plugins: env, svc, ssh, pytorch, mpi.'),
      policies: list('What is done at which event.'),
      tasks: list(
        'Groups of equal pods.',
        object('A group.', {
          name: text('Name.'),
          replicas: text('How many pods.'),
          policies: list('Policies of the group.'),
          template,
        }),
      ),
    }),
  },
  {
    apiVersion: 'jobset.x-k8s.io/v1alpha2',
    kind: 'JobSet',
    spec: object('A JobSet.', {
      replicatedJobs: list(
        'Groups of equal Jobs.',
        object('A group.', {
          name: text('Name.'),
          replicas: text('How many Jobs.'),
          template: object('The Job.', { spec: { $ref: '#/definitions/JobSpec' } }),
        }),
      ),
      network: anything('Host names of the pods.'),
      failurePolicy: anything('Restarts of the whole set.'),
      successPolicy: anything('Which Jobs have to succeed.'),
      ttlSecondsAfterFinished: text('Seconds until the ended set is deleted.'),
      suspend: flag('Held back until it is let in.'),
    }),
  },
  {
    apiVersion: 'ray.io/v1',
    kind: 'RayJob',
    spec: object('A job of Ray with a cluster of its own.', {
      entrypoint: text('Command line; that of the launch goes here.'),
      runtimeEnvYAML: text('Runtime environment of Ray.'),
      shutdownAfterJobFinishes: flag('Whether the cluster is removed at the end.'),
      ttlSecondsAfterFinished: text('Seconds until the cluster is removed.'),
      submissionMode: choice('Who submits.', 'K8sJobMode', 'HTTPMode'),
      rayClusterSpec: object('The cluster.', {
        rayVersion: text('Version of Ray.'),
        headGroupSpec: object('The head.', { rayStartParams: anything('Options of ray start.'), template }),
        workerGroupSpecs: list(
          'Groups of workers.',
          object('A group.', {
            groupName: text('Name.'),
            replicas: text('How many pods.'),
            minReplicas: text('At least.'),
            maxReplicas: text('At most.'),
            rayStartParams: anything('Options of ray start.'),
            template,
          }),
        ),
      }),
      suspend: flag('Held back until it is let in.'),
    }),
  },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    spec: object('A workflow of Argo.', {
      entrypoint: text('Name of the template that it begins with.'),
      arguments: anything('Parameters and artifacts.'),
      serviceAccountName: text('Service account of its pods.'),
      templates: list(
        'Its steps.',
        object('A step.', {
          name: text('Name.'),
          container: { $ref: '#/definitions/Container' },
          script: { $ref: '#/definitions/Container' },
          dag: anything('Steps and what they depend on.'),
          steps: list('Steps one after the other.'),
          inputs: anything('Parameters and artifacts.'),
          outputs: anything('Parameters and artifacts.'),
        }),
      ),
      podMetadata: anything('Labels and annotations of its pods.'),
      ttlStrategy: anything('When the ended workflow is deleted.'),
      suspend: flag('Held back until it is let in.'),
    }),
  },
];
