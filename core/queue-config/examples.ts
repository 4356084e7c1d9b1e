/** The configuration each resource starts the editor with. */

export const DOCKER_YAML = `env:
  - MY_ENV_VAR=value
  - MY_EXISTING_ENV_VAR
volume: /mnt/datasets:/mnt/datasets
rm: true
gpus: all
`;
export const DOCKER_JSON = `{
  "env": ["MY_ENV_VAR=value", "MY_EXISTING_ENV_VAR"],
  "volume": "/mnt/datasets:/mnt/datasets",
  "rm": true,
  "gpus": "all"
}
`;

export const PROCESS_YAML = `env:
  MY_ENV_VAR: value
`;
export const PROCESS_JSON = `{
  "env": {
    "MY_ENV_VAR": "value"
  }
}
`;

export const KUBERNETES_YAML = `spec:
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
export const KUBERNETES_JSON = `{
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

export const SAGEMAKER_YAML = `RoleArn: <REQUIRED>
ResourceConfig:
  InstanceType: ml.m4.xlarge
  InstanceCount: 1
  VolumeSizeInGB: 2
OutputDataConfig:
  S3OutputPath: <REQUIRED>
StoppingCondition:
  MaxRuntimeInSeconds: 3600
`;
export const SAGEMAKER_JSON = `{
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

export const VERTEX_YAML = `spec:
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
export const VERTEX_JSON = `{
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
