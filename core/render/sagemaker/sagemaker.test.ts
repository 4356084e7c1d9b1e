import { describe, expect, it } from 'vitest';
import type { JsonObject, LaunchSpec } from '@/core/wire';
import { renderSageMaker } from '.';
import { testSpec } from '../shared/testing';
import type { RenderContext } from '../types';

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1';
const GUIDE: JsonObject = {
  RoleArn: 'arn:aws:iam::123456789012:role/train',
  ResourceConfig: { InstanceType: 'ml.m4.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
  OutputDataConfig: { S3OutputPath: 's3://bucketname' },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const render = (
  config: JsonObject,
  changes: Partial<LaunchSpec> = {},
  context: Partial<RenderContext> = {},
) => {
  const { submission, problems } = renderSageMaker(testSpec({ resource: 'sagemaker', config, ...changes }), {
    image: IMAGE,
    ...context,
  });
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  return { document: submission.document as JsonObject, origins: submission.origins, problems, errors };
};

describe('CreateTrainingJob', () => {
  it('is the configuration with name, image, command, environment and tags of the run', () => {
    const { document, problems, origins } = render(GUIDE, {
      entrypoint: ['python', 'train.py'],
      args: ['--lr', '1'],
      env: { A: 'b' },
    });
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      ...GUIDE,
      TrainingJobName: 'abc123def456',
      AlgorithmSpecification: {
        TrainingImage: IMAGE,
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['python', 'train.py'],
        ContainerArguments: ['--lr', '1'],
      },
      Environment: { A: 'b', SLIPWAY_RUN_ID: 'abc123def456', WANDB_DOCKER: IMAGE },
      Tags: [
        { Key: 'slipway.dev/run-id', Value: 'abc123def456' },
        { Key: 'slipway.dev/queue', Value: 'gpu' },
        { Key: 'slipway.dev/entity', Value: 'team' },
      ],
    });
    expect(origins).toMatchObject({
      '/ResourceConfig/InstanceType': 'queue',
      '/Environment/A': 'launch',
      '/TrainingJobName': 'default',
    });
  });
  it('keeps what the configuration has and passes on what is not known here', () => {
    const { document } = render(
      {
        ...GUIDE,
        EnableManagedSpotTraining: true,
        AlgorithmSpecification: {
          TrainingInputMode: 'Pipe',
          TrainingImage: '${image_uri}',
          ContainerArguments: ['a'],
        },
        Tags: [{ Key: 'team', Value: 'x' }],
        Environment: { A: 'queue' },
      },
      { args: ['b'], env: { A: 'launch' } },
    );
    expect(document).toMatchObject({
      EnableManagedSpotTraining: true,
      AlgorithmSpecification: {
        TrainingInputMode: 'Pipe',
        TrainingImage: IMAGE,
        ContainerArguments: ['a', 'b'],
      },
      Environment: { A: 'queue' },
    });
    expect(document['Tags']).toHaveLength(4);
  });
  it('names what is missing or left to be filled in', () => {
    expect(render({}).errors).toEqual([
      'RoleArn',
      'OutputDataConfig.S3OutputPath',
      'ResourceConfig',
      'StoppingCondition',
    ]);
    expect(render({ ...GUIDE, RoleArn: '<REQUIRED>' }).errors).toEqual(['RoleArn']);
  });
  it('makes an ARN of a bare role name once the account is known', () => {
    const config = { ...GUIDE, RoleArn: 'train-role' };
    expect(render(config).document['RoleArn']).toBe('train-role');
    expect(render(config).problems).toMatchObject([{ severity: 'info', path: 'RoleArn' }]);
    expect(render(config, {}, { awsAccountId: '123456789012' }).document['RoleArn']).toBe(
      'arn:aws:iam::123456789012:role/train-role',
    );
  });
  it('shows no secret and keeps to the limits of the service', () => {
    expect(render(GUIDE, {}, { secretNames: ['TOKEN'] }).document).toMatchObject({
      Environment: { TOKEN: '<secret>' },
    });
    expect(render(GUIDE, { env: { LONG: 'x'.repeat(513) } }).errors).toEqual(['Environment.LONG']);
    expect(render(GUIDE, { args: ['x'.repeat(257)] }).errors).toEqual([
      'AlgorithmSpecification.ContainerArguments.0',
    ]);
    expect(render(GUIDE, { args: Array.from({ length: 101 }, () => 'x') }).errors).toEqual([
      'AlgorithmSpecification.ContainerArguments',
    ]);
  });
});
