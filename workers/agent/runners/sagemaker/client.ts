import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DescribeTrainingJobResponse, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { awsError } from '../../environments/aws';
import { CloudError, type AwsEnvironment } from '../../environments';
import type { Json } from '@/core/wire';
import { Pace } from '../remote/pace';

/**
 * Calls a second of one agent. SageMaker allows an account few of these (Describe and List some ten a second, Create and Stop less),
 * CloudWatch Logs 25 readings; others use the account too.
 */
const PACES = {
  jobs: { perSecond: 4, burst: 8 },
  logs: { perSecond: 8, burst: 16 },
};

/** What is known of a training job; times as milliseconds. */
export type TrainingJob = Pick<
  DescribeTrainingJobResponse,
  | 'TrainingJobName'
  | 'TrainingJobStatus'
  | 'SecondaryStatus'
  | 'FailureReason'
  | 'EnableManagedSpotTraining'
  | 'Environment'
> & {
  arn: string;
  instances: number;
  startedAt: number | null;
  modifiedAt: number;
  /** Latest last. */
  transitions: { status: string; message: string }[];
};

export interface LogPage {
  events: { time: number; message: string }[];
  /** Where the next page begins; the same as before at the end. */
  token: string | undefined;
}

const LOG_GROUP = '/aws/sagemaker/TrainingJobs';

/** SageMaker and its logs at CloudWatch, paced; errors as CloudError that name the missing permission. SDKs are loaded when first used. */
export class SageMakerApi {
  private readonly jobs: Pace;
  private readonly logs: Pace;
  private clients: Promise<{ sagemaker: SageMakerClient; cloudwatch: CloudWatchLogsClient }> | null = null;

  constructor(
    private readonly environment: AwsEnvironment,
    paces = PACES,
  ) {
    this.jobs = new Pace(paces.jobs);
    this.logs = new Pace(paces.logs);
  }

  private connect() {
    this.clients ??= (async () => {
      const [{ SageMakerClient }, { CloudWatchLogsClient }] = await Promise.all([
        import('@aws-sdk/client-sagemaker'),
        import('@aws-sdk/client-cloudwatch-logs'),
      ]);
      const config = this.environment.clientConfig;
      return { sagemaker: new SageMakerClient(config), cloudwatch: new CloudWatchLogsClient(config) };
    })();
    return this.clients;
  }

  /** Sends this very text as the body: the SDK would leave out what it does not know. `exists`: the name is taken. */
  async create(name: string, body: string, signal: AbortSignal): Promise<'created' | 'exists'> {
    const { CreateTrainingJobCommand } = await import('@aws-sdk/client-sagemaker');
    const { sagemaker } = await this.connect();
    // The SDK writes a body of its own first, which needs no more than this.
    const input = { TrainingJobName: name } as ConstructorParameters<typeof CreateTrainingJobCommand>[0];
    const command = new CreateTrainingJobCommand(input);
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body?: unknown }).body = body;
        return next(args);
      },
      { step: 'build', priority: 'high', name: 'slipwayExactBody' },
    );
    await this.jobs.turn(signal);
    try {
      await sagemaker.send(command, { abortSignal: signal });
      return 'created';
    } catch (error) {
      if (nameOf(error) === 'ResourceInUse') return 'exists';
      throw this.toCloudError(error, 'create the training job', 'sagemaker:CreateTrainingJob', this.jobs);
    }
  }

  /** Null: there is none. */
  async describe(name: string, signal: AbortSignal): Promise<TrainingJob | null> {
    const { DescribeTrainingJobCommand } = await import('@aws-sdk/client-sagemaker');
    const { sagemaker } = await this.connect();
    await this.jobs.turn(signal);
    try {
      const command = new DescribeTrainingJobCommand({ TrainingJobName: name });
      return toJob(await sagemaker.send(command, { abortSignal: signal }));
    } catch (error) {
      if (isMissing(error)) return null;
      throw this.toCloudError(error, 'look at the training job', 'sagemaker:DescribeTrainingJob', this.jobs);
    }
  }

  /** The jobs of the account that have changed since `time`, with when they did, and the time of the latest change, milliseconds. */
  async changedSince(
    time: number,
    signal: AbortSignal,
  ): Promise<{ jobs: { name: string; at: number }[]; latest: number }> {
    const { ListTrainingJobsCommand } = await import('@aws-sdk/client-sagemaker');
    const { sagemaker } = await this.connect();
    const jobs: { name: string; at: number }[] = [];
    let latest = time;
    let token: string | undefined;
    do {
      await this.jobs.turn(signal);
      try {
        const command = new ListTrainingJobsCommand({
          LastModifiedTimeAfter: new Date(time),
          MaxResults: 100,
          NextToken: token,
        });
        const page = await sagemaker.send(command, { abortSignal: signal });
        for (const { TrainingJobName, LastModifiedTime } of page.TrainingJobSummaries ?? []) {
          const at = LastModifiedTime?.getTime() ?? 0;
          if (TrainingJobName !== undefined) jobs.push({ name: TrainingJobName, at });
          latest = Math.max(latest, at);
        }
        token = page.NextToken;
      } catch (error) {
        throw this.toCloudError(error, 'list training jobs', 'sagemaker:ListTrainingJobs', this.jobs);
      }
    } while (token !== undefined && token !== '');
    return { jobs, latest };
  }

  /** The value of a tag of a job. */
  async tag(arn: string, key: string, signal: AbortSignal): Promise<Json> {
    const { ListTagsCommand } = await import('@aws-sdk/client-sagemaker');
    const { sagemaker } = await this.connect();
    await this.jobs.turn(signal);
    try {
      const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }), {
        abortSignal: signal,
      });
      return Tags.find(({ Key }) => Key === key)?.Value ?? null;
    } catch (error) {
      throw this.toCloudError(error, 'read the tags of the training job', 'sagemaker:ListTags', this.jobs);
    }
  }

  /** Asks a job to end; one that has ended already is no error. */
  async stop(name: string, signal: AbortSignal): Promise<void> {
    const { StopTrainingJobCommand } = await import('@aws-sdk/client-sagemaker');
    const { sagemaker } = await this.connect();
    await this.jobs.turn(signal);
    try {
      await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }), { abortSignal: signal });
    } catch (error) {
      // "The request was rejected because the training job is in status Stopped."
      if (isMissing(error) || (nameOf(error) === 'ValidationException' && /status/i.test(String(error))))
        return;
      throw this.toCloudError(error, 'stop the training job', 'sagemaker:StopTrainingJob', this.jobs);
    }
  }

  /** The log streams of a job, one an instance. */
  async streams(job: string, signal: AbortSignal): Promise<string[]> {
    const { DescribeLogStreamsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const { cloudwatch } = await this.connect();
    const names: string[] = [];
    let token: string | undefined;
    do {
      await this.logs.turn(signal);
      try {
        const command = new DescribeLogStreamsCommand({
          logGroupName: LOG_GROUP,
          logStreamNamePrefix: `${job}/`,
          nextToken: token,
        });
        const page = await cloudwatch.send(command, { abortSignal: signal });
        names.push(...(page.logStreams ?? []).flatMap(({ logStreamName }) => logStreamName ?? []));
        token = page.nextToken;
      } catch (error) {
        if (nameOf(error) === 'ResourceNotFoundException') return [];
        throw this.toCloudError(
          error,
          'list the log streams of the job',
          'logs:DescribeLogStreams',
          this.logs,
        );
      }
    } while (token !== undefined);
    return names;
  }

  /** A page of a stream from a token, or from a time (milliseconds) on. `expired`: the token is no longer good. */
  async page(
    stream: string,
    from: { token: string | undefined; startTime: number | undefined },
    signal: AbortSignal,
  ): Promise<LogPage | 'expired'> {
    const { GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const { cloudwatch } = await this.connect();
    await this.logs.turn(signal);
    try {
      const command = new GetLogEventsCommand({
        logGroupName: LOG_GROUP,
        logStreamName: stream,
        startFromHead: true,
        ...(from.token === undefined ? { startTime: from.startTime } : { nextToken: from.token }),
      });
      const { events = [], nextForwardToken } = await cloudwatch.send(command, { abortSignal: signal });
      return {
        events: events.map(({ timestamp = 0, message = '' }) => ({ time: timestamp, message })),
        token: nextForwardToken,
      };
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return { events: [], token: from.token };
      if (nameOf(error) === 'InvalidParameterException' && from.token !== undefined) return 'expired';
      throw this.toCloudError(error, 'read the log of the job', 'logs:GetLogEvents', this.logs);
    }
  }

  private toCloudError(error: unknown, doing: string, permission: string, pace: Pace): CloudError {
    // AWS names the action that is missing, which may be another one (iam:PassRole).
    const missing = /not authorized to perform: ([\w-]+:\w+)/.exec(String(error))?.[1];
    const name = nameOf(error);
    if (name === 'ResourceLimitExceeded') {
      return new CloudError('space', `A quota of the AWS account is used up: ${messageOf(error)}`, {
        cause: error,
      });
    }
    if (name === 'ValidationException' || name === 'ResourceNotFound') {
      return new CloudError('config', `SageMaker refused the request: ${messageOf(error)}`, { cause: error });
    }
    const translated = awsError(error, { doing, permission: missing ?? permission });
    if (translated.reason === 'rate-limited') pace.throttled();
    return translated;
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();

/** SageMaker has no error of its own for a job that does not exist. */
const isMissing = (error: unknown): boolean =>
  nameOf(error) === 'ResourceNotFound' ||
  (/^Validation(Exception|Error)$/.test(nameOf(error)) && /not found|could not find/i.test(messageOf(error)));

function toJob(answer: DescribeTrainingJobResponse): TrainingJob {
  const {
    LastModifiedTime,
    ResourceConfig,
    SecondaryStatusTransitions = [],
    TrainingJobArn = '',
    TrainingStartTime,
  } = answer;
  const groups = ResourceConfig?.InstanceGroups ?? [];
  const counts =
    groups.length > 0
      ? groups.map(({ InstanceCount = 1 }) => InstanceCount)
      : [ResourceConfig?.InstanceCount ?? 1];
  return {
    TrainingJobName: answer.TrainingJobName,
    TrainingJobStatus: answer.TrainingJobStatus,
    SecondaryStatus: answer.SecondaryStatus,
    FailureReason: answer.FailureReason,
    EnableManagedSpotTraining: answer.EnableManagedSpotTraining,
    Environment: answer.Environment,
    arn: TrainingJobArn,
    instances: counts.reduce((sum, count) => sum + count, 0),
    startedAt: TrainingStartTime?.getTime() ?? null,
    modifiedAt: LastModifiedTime?.getTime() ?? 0,
    transitions: SecondaryStatusTransitions.map(({ Status = '', StatusMessage = '' }) => ({
      status: Status,
      message: StatusMessage,
    })),
  };
}
