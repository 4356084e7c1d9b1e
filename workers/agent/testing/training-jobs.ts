import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttp, type HttpService } from './clouds/http';

interface Job {
  body: Record<string, unknown>;
  raw: string;
  status: string;
  secondary: string;
  reason: string | undefined;
  transitions: { Status: string; StatusMessage: string; StartTime: number }[];
  startedAt: number | undefined;
  modifiedAt: number;
}

type Answer = { status?: number; type?: string; message?: string } | undefined;

/**
 * SageMaker's training jobs, CloudWatch Logs and STS as far as the agent uses them, by AWS' JSON protocol, with states that a test moves:
 * a job goes through its phases, is interrupted, refused, throttled. (moto ends every job at once and does not know StopTrainingJob.)
 */
export class TrainingJobs {
  readonly jobs = new Map<string, Job>();
  /** By stream name, in order. */
  readonly streams = new Map<string, { timestamp: number; message: string }[]>();
  readonly calls: string[] = [];
  /** Called before each request: an answer refuses it, `drop` breaks the connection after it was obeyed. */
  intercept: (action: string, body: Record<string, unknown>) => Answer | 'drop' = () => undefined;
  private http: HttpService | null = null;

  async start(): Promise<void> {
    this.http = await startHttp((request, response) => void this.handle(request, response));
  }

  stop(): Promise<void> {
    return this.http?.stop() ?? Promise.resolve();
  }

  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.http?.url ?? '',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'us-east-1',
    };
  }

  count(action: string): number {
    return this.calls.filter((call) => call === action).length;
  }

  /** Moves a job on; `status` is InProgress unless the phase is an end. */
  move(name: string, secondary: string, message = '', status?: string, reason?: string): void {
    const job = this.jobs.get(name);
    if (!job) throw new Error(`No training job ${name}`);
    const ends: Record<string, string> = { Completed: 'Completed', Failed: 'Failed', Stopped: 'Stopped', Stopping: 'Stopping', MaxRuntimeExceeded: 'Stopped', MaxWaitTimeExceeded: 'Stopped' }; // prettier-ignore
    job.status = status ?? ends[secondary] ?? 'InProgress';
    job.secondary = secondary;
    job.reason = reason;
    job.modifiedAt = Date.now() / 1000;
    if (secondary === 'Training') job.startedAt = job.modifiedAt;
    job.transitions.push({ Status: secondary, StatusMessage: message, StartTime: job.modifiedAt });
  }

  log(stream: string, timestamp: number, ...messages: string[]): void {
    const events = this.streams.get(stream) ?? [];
    events.push(...messages.map((message) => ({ timestamp, message })));
    this.streams.set(stream, events);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts).toString();
    const target = request.headers['x-amz-target'];
    const action = typeof target === 'string' ? (target.split('.')[1] ?? '') : 'GetCallerIdentity';
    const body = (typeof target === 'string' ? JSON.parse(raw) : {}) as Record<string, unknown>;
    this.calls.push(action);
    const refusal = this.intercept(action, body);
    const answer = refusal && refusal !== 'drop' ? refusal : this.act(action, body, raw);
    if (refusal === 'drop') return void response.destroy();
    if (typeof answer === 'string') {
      response.writeHead(200, { 'content-type': 'text/xml' });
      return void response.end(answer);
    }
    const failed = answer as { type?: string; status?: number; message?: string };
    response.writeHead(failed.type ? (failed.status ?? 400) : 200, {
      'content-type': 'application/x-amz-json-1.1',
    });
    response.end(JSON.stringify(failed.type ? { __type: failed.type, message: failed.message } : answer));
  }

  private act(action: string, body: Record<string, unknown>, raw: string): unknown {
    const name = body['TrainingJobName'] as string;
    const job = this.jobs.get(name);
    switch (action) {
      case 'GetCallerIdentity':
        return '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/agent</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
      case 'CreateTrainingJob':
        if (job)
          return {
            type: 'ResourceInUse',
            message: 'Training job names must be unique within an AWS account and region.',
          };
        this.jobs.set(name, { body, raw, status: 'InProgress', secondary: 'Starting', reason: undefined, transitions: [], startedAt: undefined, modifiedAt: 0 }); // prettier-ignore
        this.move(name, 'Starting', 'Starting the training job');
        return { TrainingJobArn: arnOf(name) };
      case 'DescribeTrainingJob':
        if (!job) return { type: 'ValidationException', message: 'Requested resource not found.' };
        return {
          ...job.body,
          TrainingJobArn: arnOf(name),
          TrainingJobStatus: job.status,
          SecondaryStatus: job.secondary,
          FailureReason: job.reason,
          SecondaryStatusTransitions: job.transitions,
          TrainingStartTime: job.startedAt,
          LastModifiedTime: job.modifiedAt,
        };
      case 'ListTrainingJobs': {
        const after = body['LastModifiedTimeAfter'] as number;
        const changed = [...this.jobs].filter(([, { modifiedAt }]) => modifiedAt >= after);
        const from = Number(body['NextToken'] ?? 0);
        const next = from + Number(body['MaxResults'] ?? 10);
        return {
          ...(next < changed.length ? { NextToken: String(next) } : {}),
          TrainingJobSummaries: changed.slice(from, next).map(([key, each]) => ({
            TrainingJobName: key,
            TrainingJobStatus: each.status,
            LastModifiedTime: each.modifiedAt,
          })),
        };
      }
      case 'StopTrainingJob':
        if (!job || job.status !== 'InProgress')
          return {
            type: 'ValidationException',
            message: `The request was rejected because the training job is in status ${job?.status}.`,
          };
        this.move(name, 'Stopping');
        return {};
      case 'DescribeLogStreams': {
        const prefix = body['logStreamNamePrefix'] as string;
        const names = [...this.streams.keys()].filter((stream) => stream.startsWith(prefix));
        return { logStreams: names.map((logStreamName) => ({ logStreamName })) };
      }
      default:
        return this.events(body);
    }
  }

  /** Two events a page, so that every reading has several. */
  private events(body: Record<string, unknown>): unknown {
    const all = this.streams.get(body['logStreamName'] as string) ?? [];
    const token = body['nextToken'] as string | undefined;
    const startTime = (body['startTime'] as number | undefined) ?? 0;
    const from = token
      ? Number(token.slice(2))
      : Math.max(
          0,
          all.findIndex(({ timestamp }) => timestamp >= startTime),
        );
    const page = all.slice(from, from + 2);
    return { events: page, nextForwardToken: `f/${from + page.length}`, nextBackwardToken: `b/${from}` };
  }
}

const arnOf = (name: string) => `arn:aws:sagemaker:us-east-1:123456789012:training-job/${name}`;
