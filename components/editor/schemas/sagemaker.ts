import { builderSchema, choice, flag, list, object, text } from './types';

export const sagemakerSchema = object(
  'Body of a CreateTrainingJob request. Name, image, arguments and tags come from the launch.',
  {
    RoleArn: text('Required. ARN of the execution role; not the role of the agent.'),
    AlgorithmSpecification: object('Image and input mode. The image of the run is filled in.', {
      TrainingInputMode: choice('How data gets in.', 'File', 'Pipe', 'FastFile'),
      MetricDefinitions: list('Metrics found in the log by regular expressions.'),
      EnableSageMakerMetricsTimeSeries: flag('Keep the metrics as time series.'),
    }),
    ResourceConfig: object('Required. The machines.', {
      InstanceType: choice(
        'Type of the instances.',
        'ml.m4.xlarge',
        'ml.m5.xlarge',
        'ml.g5.xlarge',
        'ml.p3.2xlarge',
        'ml.p4d.24xlarge',
      ),
      InstanceCount: choice('Number of instances.', 1, 2),
      VolumeSizeInGB: text('Size of the volume, GB.'),
      VolumeKmsKeyId: text('Key that encrypts the volume.'),
      KeepAlivePeriodInSeconds: text('Seconds that the instances stay warm after the end.'),
    }),
    OutputDataConfig: object('Required. Where the output goes.', {
      S3OutputPath: text('S3 URI, for example s3://bucket/path.'),
      KmsKeyId: text('Key that encrypts the output.'),
    }),
    StoppingCondition: object('Required. When the job ends at the latest.', {
      MaxRuntimeInSeconds: text('Longest time the job may run, seconds.'),
      MaxWaitTimeInSeconds: text('Longest time including the wait for spot capacity, seconds.'),
      MaxPendingTimeInSeconds: text('Longest time the job may stay pending, seconds.'),
    }),
    InputDataConfig: list('Channels of input data.'),
    HyperParameters: object('Hyperparameters of the algorithm.', {}),
    Environment: object('Environment variables.', {}),
    VpcConfig: object('Network.', { SecurityGroupIds: list('Security groups.'), Subnets: list('Subnets.') }),
    EnableManagedSpotTraining: flag('Use spot capacity.'),
    EnableNetworkIsolation: flag('No network for the containers.'),
    EnableInterContainerTrafficEncryption: flag('Encrypt traffic between the instances.'),
    CheckpointConfig: object('Where checkpoints go.', {
      S3Uri: text('S3 URI.'),
      LocalPath: text('Path in the container.'),
    }),
    RetryStrategy: object('Retries after internal errors.', { MaximumRetryAttempts: text('1 to 30.') }),
    Tags: list('Tags of the job.', object('One tag.', { Key: text('Key.'), Value: text('Value.') })),
    builder: builderSchema,
  },
);
