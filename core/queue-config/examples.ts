import type { ConfigFormat, ResourceId } from '@/core/wire';

const DOCKER_YAML = `env:
  - MY_ENV_VAR=value
  - MY_EXISTING_ENV_VAR
volume: /mnt/datasets:/mnt/datasets
rm: true
gpus: all
`;
const DOCKER_JSON = `{
  "env": ["MY_ENV_VAR=value", "MY_EXISTING_ENV_VAR"],
  "volume": "/mnt/datasets:/mnt/datasets",
  "rm": true,
  "gpus": "all"
}
`;

const PROCESS_YAML = `env:
  MY_ENV_VAR: value
`;
const PROCESS_JSON = `{
  "env": {
    "MY_ENV_VAR": "value"
  }
}
`;

const KUBERNETES_YAML = `spec:
  template:
    spec:
      containers:
        - env:
            - name: MY_ENV_VAR
              value: some-value
          resources:
            requests:
              cpu: 1000m
              memory: 1Gi
metadata:
  labels:
    queue: k8s-test
namespace: wandb
`;
const KUBERNETES_JSON = `{
  "spec": {
    "template": {
      "spec": {
        "containers": [
          {
            "env": [{ "name": "MY_ENV_VAR", "value": "some-value" }],
            "resources": {
              "requests": { "cpu": "1000m", "memory": "1Gi" }
            }
          }
        ]
      }
    }
  },
  "metadata": {
    "labels": { "queue": "k8s-test" }
  },
  "namespace": "wandb"
}
`;

const SAGEMAKER_YAML = `RoleArn: <REQUIRED>
ResourceConfig:
  InstanceType: ml.m4.xlarge
  InstanceCount: 1
  VolumeSizeInGB: 2
OutputDataConfig:
  S3OutputPath: <REQUIRED>
StoppingCondition:
  MaxRuntimeInSeconds: 3600
`;
const SAGEMAKER_JSON = `{
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
}
`;

const VERTEX_YAML = `spec:
  worker_pool_specs:
    - machine_spec:
        machine_type: n1-standard-4
        accelerator_type: ACCELERATOR_TYPE_UNSPECIFIED
        accelerator_count: 0
      replica_count: 1
      container_spec:
        image_uri: \${image_uri}
  staging_bucket: <REQUIRED>
run:
  restart_job_on_worker_restart: false
`;
const VERTEX_JSON = `{
  "spec": {
    "worker_pool_specs": [
      {
        "machine_spec": {
          "machine_type": "n1-standard-4",
          "accelerator_type": "ACCELERATOR_TYPE_UNSPECIFIED",
          "accelerator_count": 0
        },
        "replica_count": 1,
        "container_spec": {
          "image_uri": "\${image_uri}"
        }
      }
    ],
    "staging_bucket": "<REQUIRED>"
  },
  "run": {
    "restart_job_on_worker_restart": false
  }
}
`;

/** The configuration each resource starts the editor with; apart from `RESOURCE_INFO`, which every page needs. */
export const RESOURCE_EXAMPLES: Record<ResourceId, Record<ConfigFormat, string>> = {
  'local-container': { yaml: DOCKER_YAML, json: DOCKER_JSON },
  'local-process': { yaml: PROCESS_YAML, json: PROCESS_JSON },
  kubernetes: { yaml: KUBERNETES_YAML, json: KUBERNETES_JSON },
  sagemaker: { yaml: SAGEMAKER_YAML, json: SAGEMAKER_JSON },
  'gcp-vertex': { yaml: VERTEX_YAML, json: VERTEX_JSON },
};
