import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTrainingJobCommand, ListTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { createAwsEnvironment } from '../../environments/aws';
import { describeWithClouds } from '../../testing/clouds';
import { runnerJob, TestPatience, Watched } from '../../testing/watching';
import { createSageMakerRunner } from '.';

const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1';
const timing = { board: { pollMs: 50 }, watch: { logMs: 30, maxLogMs: 100, settleMs: 200 } };

describeWithClouds('a training job at an AWS emulator', ['moto'], () => {
  it('is created with its tags, described, and its log read from CloudWatch', async () => {
    const runner = createSageMakerRunner({ environment: createAwsEnvironment('us-east-1'), timing });
    const config = {
      RoleArn: 'train',
      ResourceConfig: { InstanceType: 'ml.m4.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
      OutputDataConfig: { S3OutputPath: 's3://bucket' },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    };
    const patience = new TestPatience();
    const prepared = await runner.prepare(runnerJob({ resource: 'sagemaker', image, config }), patience);
    await prepared.submit(patience);
    const name = prepared.externalRef;

    const sagemaker = new SageMakerClient({ region: 'us-east-1' });
    const described = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    expect(described).toMatchObject({
      RoleArn: 'arn:aws:iam::123456789012:role/train',
      AlgorithmSpecification: { TrainingImage: image },
    });
    const { Tags } = await sagemaker.send(new ListTagsCommand({ ResourceArn: described.TrainingJobArn }));
    expect(Tags).toContainEqual({ Key: 'slipway.dev/run-id', Value: name });

    const logs = new CloudWatchLogsClient({ region: 'us-east-1' });
    const stream = {
      logGroupName: '/aws/sagemaker/TrainingJobs',
      logStreamName: `${name}/algo-1-1700000000`,
    };
    await logs.send(new CreateLogGroupCommand({ logGroupName: stream.logGroupName }));
    await logs.send(new CreateLogStreamCommand(stream));
    const timestamp = Date.now();
    await logs.send(
      new PutLogEventsCommand({
        ...stream,
        logEvents: ['first', 'second'].map((message) => ({ message, timestamp })),
      }),
    );

    expect(await runner.adopt(name, patience)).toBe(true);
    const run = new Watched(runner, name);
    expect(await run.ended()).toEqual({ result: 'succeeded', exitCode: 0 });
    expect(run.log).toBe('first\nsecond\n');
    expect(run.of('parts').at(-1)).toMatchObject({ parts: [{ name: 'algo-1', state: 'Completed' }] });
    expect(await runner.adopt('nothingthere', patience)).toBe(false);
  });
});
