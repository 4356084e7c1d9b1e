import { builderSchema, choice, flag, list, object, text } from './types';

const pool = object('One pool of workers.', {
  machine_spec: object('The machines.', {
    machine_type: choice(
      'Type of the machines.',
      'n1-standard-4',
      'n1-highmem-8',
      'a2-highgpu-1g',
      'g2-standard-8',
    ),
    accelerator_type: choice(
      'Type of the accelerators.',
      'ACCELERATOR_TYPE_UNSPECIFIED',
      'NVIDIA_TESLA_T4',
      'NVIDIA_TESLA_V100',
      'NVIDIA_TESLA_A100',
      'NVIDIA_L4',
    ),
    accelerator_count: choice('Accelerators of each machine.', 0, 1),
  }),
  replica_count: choice('Number of machines.', 1),
  container_spec: object('The container.', {
    image_uri: choice('Image; ${image_uri} is the image of the run.', '${image_uri}'),
    command: list('Program.'),
    args: list('Arguments.'),
    env: list(
      'Environment variables.',
      object('One variable.', { name: text('Name.'), value: text('Value.') }),
    ),
  }),
  disk_spec: object('Boot disk.', {
    boot_disk_type: choice('Type.', 'pd-ssd', 'pd-standard'),
    boot_disk_size_gb: text('Size, GB.'),
  }),
});

export const vertexSchema = object('Arguments of a Vertex AI CustomJob.', {
  spec: object('Arguments to make the job.', {
    worker_pool_specs: list('Required, not empty: the pools of workers.', pool),
    staging_bucket: text('Required. Bucket for staging, gs://bucket, in the region of the job.'),
    base_output_dir: text('Directory for the output, gs://bucket/path.'),
    labels: object('Labels of the job.', {}),
    encryption_spec_key_name: text('Key that encrypts the job.'),
  }),
  run: object('Arguments to start the job.', {
    timeout: text('Longest time the job may run, seconds.'),
    service_account: text('Service account of the workers.'),
    network: text('Network the job is peered with.'),
    enable_web_access: flag('Allow an interactive shell in the workers.'),
    tensorboard: text('TensorBoard resource to stream to; needs a service account.'),
    restart_job_on_worker_restart: flag('Start the whole job again when a worker restarts.'),
  }),
  builder: builderSchema,
});
