import type { ResourceId, TemplateVariables } from '@/core/wire';

/** A queue to begin with: a small configuration with tiles that people can try at once. Texts are YAML. */
export interface SampleQueue {
  name: string;
  description: string;
  source: string;
  templates: TemplateVariables;
}

export const SAMPLE_QUEUES: Record<ResourceId, SampleQueue> = {
  'local-container': {
    name: 'docker',
    description: 'Containers on a Docker host, with a limit of memory to choose.',
    source: `# Options of "docker run". What is in double braces is chosen at each launch.
env:
  - STEPS={{steps}}
memory: "{{memory}}"
rm: true
`,
    templates: {
      steps: {
        type: 'integer',
        default: 10,
        min: 1,
        max: 1000,
        description: 'Handed to the program as STEPS.',
      },
      memory: { type: 'string', default: '1g', options: ['1g', '4g', '16g'], description: 'Memory limit.' },
    },
  },
  'local-process': {
    name: 'local',
    description: 'Plain programs on the machine of the agent: the quickest way to a first run.',
    source: `# The program runs as a process of the agent's host.
env:
  GREETING: "{{greeting}}"
`,
    templates: {
      greeting: { type: 'string', default: 'hello', description: 'Handed to the program as GREETING.' },
    },
  },
  kubernetes: {
    name: 'kubernetes',
    description: 'Jobs of a cluster, with CPU and memory to choose.',
    source: `# A partial Job (batch/v1); image, command and labels are filled in.
namespace: default
spec:
  template:
    spec:
      containers:
        - resources:
            requests:
              cpu: "{{cpu}}"
              memory: "{{memory}}"
            limits:
              memory: "{{memory}}"
`,
    templates: {
      cpu: { type: 'string', default: '1', options: ['500m', '1', '4'], description: 'CPUs of the pod.' },
      memory: {
        type: 'string',
        default: '1Gi',
        options: ['1Gi', '4Gi', '16Gi'],
        description: 'Memory of the pod.',
      },
    },
  },
  sagemaker: {
    name: 'sagemaker',
    description: 'Training jobs of SageMaker on instances to choose.',
    source: `# Body of CreateTrainingJob; name, image and tags are filled in. Replace what is <REQUIRED>.
RoleArn: <REQUIRED>
ResourceConfig:
  InstanceType: "{{instance}}"
  InstanceCount: 1
  VolumeSizeInGB: 10
OutputDataConfig:
  S3OutputPath: <REQUIRED>
StoppingCondition:
  MaxRuntimeInSeconds: 3600
`,
    templates: {
      instance: {
        type: 'string',
        default: 'ml.m5.large',
        options: ['ml.m5.large', 'ml.g5.xlarge', 'ml.p3.2xlarge'],
        description: 'Machine of the training job.',
      },
    },
  },
  'gcp-vertex': {
    name: 'vertex',
    description: 'Custom jobs of Vertex AI on machines to choose.',
    source: `# "spec" makes the CustomJob, "run" starts it. Replace what is <REQUIRED>.
spec:
  worker_pool_specs:
    - machine_spec:
        machine_type: "{{machine}}"
      replica_count: 1
      container_spec:
        image_uri: \${image_uri}
  staging_bucket: <REQUIRED>
run:
  restart_job_on_worker_restart: false
`,
    templates: {
      machine: {
        type: 'string',
        default: 'n1-standard-4',
        options: ['n1-standard-4', 'n1-standard-16'],
        description: 'Machine of the job.',
      },
    },
  },
};
