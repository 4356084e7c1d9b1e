import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttp, type HttpService } from './clouds/http';

interface Job {
  name: string;
  raw: string;
  body: { labels: Record<string, string>; [key: string]: unknown };
  state: string;
  startTime?: string;
  error?: { code: number; message: string };
}
interface Entry {
  insertId: string;
  timestamp: string;
  textPayload?: string;
  jsonPayload?: Record<string, unknown>;
  resource: { type: 'ml_job'; labels: Record<string, string> };
}

/**
 * Vertex AI's `customJobs`, Cloud Logging's `entries:list` and the metadata server that gives tokens, in the shape of Google's REST
 * interfaces, with states that a test moves.
 */
export class CustomJobs {
  readonly jobs: Job[] = [];
  readonly entries: Entry[] = [];
  readonly calls: string[] = [];
  /** Called before each request: an error answers it, `drop` breaks the connection after it was obeyed. */
  intercept: (call: string) => { code: number; status: string; message: string } | 'drop' | undefined = () =>
    undefined;
  /** Jobs and log entries of an answer: few, so that every listing has several pages. */
  pages = { jobs: 5, entries: 3 };
  private http: HttpService | null = null;
  private serial = 0;

  async start(): Promise<void> {
    this.http = await startHttp((request, response) => void this.handle(request, response));
  }

  stop(): Promise<void> {
    return this.http?.stop() ?? Promise.resolve();
  }

  get env(): Record<string, string | undefined> {
    return {
      CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: `${this.http?.url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING: `${this.http?.url}/`,
      GCE_METADATA_HOST: this.http?.host,
      METADATA_SERVER_DETECTION: 'assume-present',
      GOOGLE_APPLICATION_CREDENTIALS: undefined,
      HOME: '/nonexistent',
    };
  }

  count(call: string): number {
    return this.calls.filter((each) => each === call).length;
  }

  move(index: number, state: string, error?: Job['error']): void {
    const job = this.jobs[index];
    if (!job) throw new Error(`No custom job ${index}`);
    job.state = `JOB_STATE_${state}`;
    if (state === 'RUNNING') job.startTime = new Date().toISOString();
    if (error) job.error = error;
  }

  /** A line of a replica at a second of one minute. */
  log(
    index: number,
    second: number,
    text: string,
    { insertId = `i${String((this.serial += 1)).padStart(6, '0')}`, task = 'workerpool0-0' } = {},
  ): void {
    const time = `2026-01-01T00:00:${String(second).padStart(2, '0')}`;
    this.entries.push({
      insertId,
      timestamp: second % 2 === 0 ? `${time}Z` : `${time}.000001Z`,
      ...(second % 3 === 0 ? { jsonPayload: { message: text, levelname: 'INFO' } } : { textPayload: text }),
      resource: {
        type: 'ml_job',
        labels: { job_id: this.jobs[index]?.name.split('/').at(-1) ?? '', task_name: task },
      },
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts).toString();
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname.startsWith('/computeMetadata')) {
      response.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'application/json' });
      return void response.end(
        url.pathname.endsWith('token') ? '{"access_token":"t","expires_in":3600,"token_type":"Bearer"}' : 'p',
      );
    }
    const call = callOf(request.method ?? '', url.pathname);
    this.calls.push(call);
    const refusal = this.intercept(call);
    const authorized = request.headers.authorization === 'Bearer t';
    const answer = this.act(call, url, raw, !authorized, refusal);
    if (refusal === 'drop') return void response.destroy();
    const status = 'refused' in answer ? (answer.refused as { code: number }).code : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify('refused' in answer ? { error: answer.refused } : answer));
  }

  private act(
    call: string,
    url: URL,
    raw: string,
    stranger: boolean,
    refusal: ReturnType<CustomJobs['intercept']>,
  ): Record<string, unknown> {
    if (stranger) return { refused: { code: 401, status: 'UNAUTHENTICATED', message: 'no token' } };
    if (refusal && refusal !== 'drop') return { refused: refusal };
    if (call === 'create') {
      const name = `${url.pathname.slice('/v1/'.length)}/${1000 + this.jobs.length}`;
      const body = JSON.parse(raw) as Job['body'];
      this.jobs.push({ name, raw, body, state: 'JOB_STATE_PENDING' });
      return { ...body, name, state: 'JOB_STATE_PENDING' };
    }
    if (call === 'list') {
      const filter = url.searchParams.get('filter') ?? '';
      const id = /labels\.slipway-run-id=(\w+)/.exec(filter)?.[1];
      const found = this.jobs.filter(
        ({ body, state }) =>
          (id === undefined || body.labels['slipway-run-id'] === id) &&
          (!filter.includes('state=') || filter.includes(`"${state}"`)),
      );
      const from = Number(url.searchParams.get('pageToken') ?? 0);
      const next = from + this.pages.jobs;
      const page = found.slice(from, next);
      return {
        customJobs: page.map(shown),
        ...(next < found.length ? { nextPageToken: String(next) } : {}),
      };
    }
    if (call === 'entries') return this.list(JSON.parse(raw) as { filter: string; pageToken?: string });
    const job = this.jobs.find(({ name }) => url.pathname.startsWith(`/v1/${name}`));
    if (!job)
      return { refused: { code: 404, status: 'NOT_FOUND', message: 'The CustomJob does not exist.' } };
    if (call === 'cancel' && ['JOB_STATE_PENDING', 'JOB_STATE_RUNNING'].includes(job.state))
      job.state = 'JOB_STATE_CANCELLING';
    return call === 'cancel' ? {} : shown(job);
  }

  private list({ filter, pageToken = '0' }: { filter: string; pageToken?: string }): Record<string, unknown> {
    const clauses = [...filter.matchAll(/job_id="(\d+)"(?: AND timestamp>="([^"]+)")?/g)].map(
      ([, id, since]) => ({ id, since }),
    );
    const found = this.entries
      .filter(({ resource, timestamp }) =>
        clauses.some(
          ({ id, since }) =>
            resource.labels['job_id'] === id && (!since || Date.parse(timestamp) >= Date.parse(since)),
        ),
      )
      .sort(
        (a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || (a.insertId < b.insertId ? -1 : 1),
      );
    const from = Number(pageToken);
    const next = from + this.pages.entries;
    const page = found.slice(from, next);
    return { entries: page, ...(next < found.length ? { nextPageToken: String(next) } : {}) };
  }
}

function callOf(method: string, path: string): string {
  if (path.endsWith('entries:list')) return 'entries';
  if (path.endsWith(':cancel')) return 'cancel';
  if (path.endsWith('/customJobs')) return method === 'POST' ? 'create' : 'list';
  return 'get';
}

const shown = ({ body, name, state, startTime, error }: Job) => ({ ...body, name, state, startTime, error });
