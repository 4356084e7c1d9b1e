import type { ConfigFormat, Json, ResourceId } from '@/core/wire';
import { RESOURCE_EXAMPLES } from './examples';

/** A configuration that the public set-up guide of W&B Launch prints, for tests: it has to work as it stands. */
export interface GuideFixture {
  title: string;
  resource: ResourceId;
  format: ConfigFormat;
  source: string;
  /** What it means, without wrapper and builder. */
  config: Json;
  /** Paths that it leaves to be filled in. */
  required: string[];
}

const SAGEMAKER_PLAIN = `RoleArn: arn:aws:iam:region:account-id:resource-type/resource-id
ResourceConfig:
  InstanceType: ml.m4.xlarge
  InstanceCount: 1
  VolumeSizeInGB: 2
OutputDataConfig:
  S3OutputPath: s3://bucketname
StoppingCondition:
  MaxRuntimeInSeconds: 3600
`;

/** The same with its placeholder, as typed in the guide; variable `aws_instance`. */
export const SAGEMAKER_TEMPLATE = SAGEMAKER_PLAIN.replace('ml.m4.xlarge', '"{{aws_instance}}"');

/** The JSON that the guide prints, its uneven spaces included. */
const SAGEMAKER_REQUIRED = `{
  "RoleArn": "<REQUIRED>", 
  "ResourceConfig": {
      "InstanceType": "ml.m4.xlarge",
      "InstanceCount": 1,
      "VolumeSizeInGB": 2
  },
  "OutputDataConfig": {
      "S3OutputPath": "<REQUIRED>"
  },
  "StoppingCondition": {
      "MaxRuntimeInSeconds": 3600
  }
}`;

const sageMaker = (role: string, path: string) => ({
  RoleArn: role,
  ResourceConfig: { InstanceType: 'ml.m4.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
  OutputDataConfig: { S3OutputPath: path },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
});

const BASE_IMAGE = `{
    "builder": {
        "accelerator": {
            "base_image": "tensorflow/tensorflow:latest-gpu"
        }
    }
}`;

const PYTORCH = `kubernetes:
  kind: PyTorchJob
  spec:
    pytorchReplicaSpecs:
      Master:
        replicas: 1
        template:
          spec:
            containers:
              - name: pytorch
                image: '\${image_uri}'
                imagePullPolicy: Always
        restartPolicy: Never
      Worker:
        replicas: 2
        template:
          spec:
            containers:
              - name: pytorch
                image: '\${image_uri}'
                imagePullPolicy: Always
        restartPolicy: Never
    ttlSecondsAfterFinished: 600
  metadata:
    name: '\${run_id}-pytorch-job'
  apiVersion: kubeflow.org/v1
`;
const replica = (replicas: number) => ({
  replicas,
  template: { spec: { containers: [{ name: 'pytorch', image: '${image_uri}', imagePullPolicy: 'Always' }] } },
  restartPolicy: 'Never',
});

const INJECTED = `spec:
  template:
    \`backOffLimit\`: 0
    ttlSecondsAfterFinished: 60
    securityContext:
      allowPrivilegeEscalation: False,
      capabilities:
        drop:
          - ALL,
      seccompProfile:
        type: "RuntimeDefault"
`;

export const GUIDE_FIXTURES: readonly GuideFixture[] = [
  {
    title: 'SageMaker before it has a template',
    resource: 'sagemaker',
    format: 'yaml',
    source: SAGEMAKER_PLAIN,
    config: sageMaker('arn:aws:iam:region:account-id:resource-type/resource-id', 's3://bucketname'),
    required: [],
  },
  {
    title: 'SageMaker as the editor starts',
    resource: 'sagemaker',
    format: 'json',
    source: SAGEMAKER_REQUIRED,
    config: sageMaker('<REQUIRED>', '<REQUIRED>'),
    required: ['RoleArn', 'OutputDataConfig.S3OutputPath'],
  },
  ...(['local-container', 'local-process', 'kubernetes', 'sagemaker', 'gcp-vertex'] as const).map(
    (resource): GuideFixture => ({
      title: `the base image for builds, on ${resource}`,
      resource,
      format: 'json',
      source: BASE_IMAGE,
      config: {},
      required: [],
    }),
  ),
  {
    title: 'a Kubernetes Job',
    resource: 'kubernetes',
    format: 'yaml',
    source: RESOURCE_EXAMPLES.kubernetes.yaml,
    config: {
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: [{ name: 'MY_ENV_VAR', value: 'some-value' }],
                resources: { requests: { cpu: '1000m', memory: '1Gi' } },
              },
            ],
          },
        },
      },
      metadata: { labels: { queue: 'k8s-test' } },
      namespace: 'wandb',
    },
    required: [],
  },
  {
    title: 'a PyTorchJob in its wrapper',
    resource: 'kubernetes',
    format: 'yaml',
    source: PYTORCH,
    config: {
      kind: 'PyTorchJob',
      spec: { pytorchReplicaSpecs: { Master: replica(1), Worker: replica(2) }, ttlSecondsAfterFinished: 600 },
      metadata: { name: '${run_id}-pytorch-job' },
      apiVersion: 'kubeflow.org/v1',
    },
    required: [],
  },
  {
    title: 'what is filled in on Kubernetes, with the glitches of its print',
    resource: 'kubernetes',
    format: 'yaml',
    source: INJECTED,
    config: {
      spec: {
        template: {
          spec: {
            containers: [
              {
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  seccompProfile: { type: 'RuntimeDefault' },
                },
              },
            ],
          },
        },
        backoffLimit: 0,
        ttlSecondsAfterFinished: 60,
      },
    },
    required: [],
  },
  {
    title: 'a Vertex CustomJob',
    resource: 'gcp-vertex',
    format: 'yaml',
    source: RESOURCE_EXAMPLES['gcp-vertex'].yaml,
    config: {
      spec: {
        worker_pool_specs: [
          {
            machine_spec: {
              machine_type: 'n1-standard-4',
              accelerator_type: 'ACCELERATOR_TYPE_UNSPECIFIED',
              accelerator_count: 0,
            },
            replica_count: 1,
            container_spec: { image_uri: '${image_uri}' },
          },
        ],
        staging_bucket: '<REQUIRED>',
      },
      run: { restart_job_on_worker_restart: false },
    },
    required: ['spec.staging_bucket'],
  },
  {
    title: 'options of docker run',
    resource: 'local-container',
    format: 'json',
    source: `{
  "env": ["MY_ENV_VAR=value", "MY_EXISTING_ENV_VAR"],
  "volume": "/mnt/datasets:/mnt/datasets",
  "rm": true,
  "gpus": "all"
}`,
    config: {
      env: ['MY_ENV_VAR=value', 'MY_EXISTING_ENV_VAR'],
      volume: '/mnt/datasets:/mnt/datasets',
      rm: true,
      gpus: 'all',
    },
    required: [],
  },
];
