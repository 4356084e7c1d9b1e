import { CloudError } from '../../environments';
import { backoffDelay, errorMessage, sleep } from '../../support/timing';
import { Deliveries } from '../remote/deliveries';
import { isTransient } from '../remote/persist';
import type { LogTail } from '../remote/watch';
import { MAX_LOG_ITEM_BYTES, type WatchItem } from '../types';
import type { LogEntry, VertexApi } from './client';

/** How far back each reading looks for entries that arrived late and out of order, milliseconds. */
const LOOK_BACK_MS = 30_000;
/** Jobs asked for in one reading: a filter may have 20 000 characters. */
const MAX_JOBS = 50;
/** A run whose server is slow is not read further while so much waits, bytes. */
const MAX_WAITING = 4 * 2 ** 20;
const DENIED_MS = 60_000;
const AFTER_ERROR = { baseMs: 2000, maxMs: 60_000 };

/** Everything of one job sorts by this: Cloud Logging orders by time, then by insert id. Times come with and without fractions. */
function markOf({ timestamp, insertId }: LogEntry): string {
  const [, second = '', fraction = ''] = /^([^.Z]*)(?:\.(\d*))?/.exec(timestamp) ?? [];
  return `${second}.${fraction.padEnd(9, '0')}Z|${insertId.replace(/[,=~|]/g, '_')}`;
}

interface Subscription {
  job: string;
  project: string;
  /** Timestamp to begin at; empty: the beginning. */
  since: string;
  waiting: LogEntry[];
  bytes: number;
  /** Marks of entries that have been taken and may be seen again. */
  seen: Set<string>;
  /** Nothing of a replica at or before this is taken: an earlier reader gave it. */
  floor: (replica: string) => string;
  /** Begin of the last reading that found all there was, monotonic milliseconds. */
  readAt: number;
  problem: string | null;
  deniedAt: number;
}

/**
 * Reads the logs of all jobs of an agent from Cloud Logging, which allows a project one reading a second: each reading asks for many jobs.
 * Entries may arrive late; each reading looks back and knows by the insert id what it has seen.
 */
export class LogHub {
  private readonly jobs = new Set<Subscription>();
  private looping = false;
  private wake = new AbortController();

  constructor(
    private readonly api: VertexApi,
    private readonly pollMs: number,
  ) {}

  /** @param since time to begin at; empty: the beginning */
  subscribe(
    job: string,
    project: string,
    since: string,
    floor: Subscription['floor'],
  ): Subscription & { close: () => void } {
    const subscription: Subscription = {
      job,
      project,
      since,
      waiting: [],
      bytes: 0,
      seen: new Set(),
      floor,
      readAt: -Infinity,
      problem: null,
      deniedAt: -Infinity,
    };
    // A job that comes while others are read is in the next reading: many that begin together must not cost one each.
    this.jobs.add(subscription);
    if (!this.looping) void this.run();
    return Object.assign(subscription, {
      close: () => {
        this.jobs.delete(subscription);
        if (this.jobs.size === 0) this.wake.abort();
      },
    });
  }

  private async run(): Promise<void> {
    this.looping = true;
    let failures = 0;
    while (this.jobs.size > 0) {
      this.wake = new AbortController();
      const { signal } = this.wake;
      const due = [...this.jobs].filter(
        ({ bytes, deniedAt }) => bytes < MAX_WAITING && performance.now() - deniedAt >= DENIED_MS,
      );
      let fine = true;
      for (const project of new Set(due.map((each) => each.project))) {
        const all = due.filter((each) => each.project === project);
        for (let from = 0; from < all.length; from += MAX_JOBS)
          fine = (await this.fetch(project, all.slice(from, from + MAX_JOBS))) && fine;
      }
      failures = fine ? 0 : failures + 1;
      if (this.jobs.size === 0) break;
      await sleep(fine ? this.pollMs : backoffDelay(failures - 1, AFTER_ERROR), signal);
    }
    this.looping = false;
  }

  /** One reading for some jobs; false when it failed. */
  private async fetch(project: string, jobs: Subscription[]): Promise<boolean> {
    const began = performance.now();
    const never = new AbortController().signal;
    const filter = jobs.map(filterOf).join(' OR ');
    let token: string | undefined;
    try {
      do {
        const page = await this.api.entries(project, filter, token, never);
        for (const entry of page.entries) take(jobs, entry);
        // The rest comes with the next reading, which begins where this one has come to.
        token = jobs.some(({ bytes }) => bytes >= MAX_WAITING) ? undefined : page.nextPageToken;
        if (token === undefined && page.nextPageToken === undefined)
          for (const each of jobs) each.readAt = began;
      } while (token !== undefined);
      for (const each of jobs) each.problem = null;
      return true;
    } catch (error) {
      for (const each of jobs) {
        each.problem = errorMessage(error);
        if (error instanceof CloudError && !isTransient(error)) each.deniedAt = performance.now();
      }
      return !isTransient(error) && error instanceof CloudError;
    }
  }
}

function filterOf({ job, since }: Subscription): string {
  const of = `resource.type="ml_job" AND resource.labels.job_id="${job}"`;
  if (since === '') return `(${of})`;
  return `(${of} AND timestamp>="${new Date(Date.parse(since) - LOOK_BACK_MS).toISOString()}")`;
}

function take(jobs: Subscription[], entry: LogEntry): void {
  const id = entry.resource.labels['job_id'];
  const mark = markOf(entry);
  for (const each of jobs) {
    if (each.job !== id || mark <= each.floor(replicaOf(entry)) || each.seen.has(mark)) continue;
    each.seen.add(mark);
    each.waiting.push(entry);
    each.bytes += textOf(entry).length;
    const time = mark.split('|')[0] ?? '';
    if (time > each.since) each.since = time;
  }
}

/** `workerpool0-0`; what Vertex AI itself says may have another name, or none. */
const replicaOf = ({ resource }: LogEntry): string =>
  (resource.labels['task_name'] ?? '').replace(/[^\w.-]/g, '_').slice(0, 100) || 'job';

function textOf({ textPayload, jsonPayload }: LogEntry): string {
  if (textPayload !== undefined) return textPayload;
  const message = jsonPayload?.['message'];
  return typeof message === 'string' ? message : JSON.stringify(jsonPayload ?? {});
}

/** The log of one job, as the hub brings it. Lines bear the name of the replica when there is more than one. */
export class CloudLoggingTail implements LogTail {
  private readonly deliveries: Deliveries;
  private readonly subscription: ReturnType<LogHub['subscribe']>;
  /** Of each replica that something has been given of: the mark behind it. */
  private readonly latest = new Map<string, string>();
  private told: string | null = null;

  constructor(
    hub: LogHub,
    private readonly job: { id: string; project: string; replicas: number },
    cursor: string | null,
  ) {
    this.deliveries = new Deliveries(cursor);
    const { deliveries } = this;
    const marks = [...deliveries.marks].sort();
    // Of a replica that nothing has been read of all may still be there.
    const since = marks.length < job.replicas ? '' : (marks[0]?.split('|')[0] ?? '');
    this.subscription = hub.subscribe(
      job.id,
      job.project,
      since,
      (replica) => deliveries.begin(replica).mark,
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the tail of a log is an asynchronous source to its reader
  async *read(): AsyncGenerator<WatchItem> {
    const { subscription } = this;
    const { problem } = subscription;
    if (problem !== null && problem !== this.told && subscription.deniedAt > -Infinity)
      yield { type: 'warning', reason: 'LogUnreadable', message: `The log is not shown. ${problem}` };
    this.told = problem;
    this.forget();
    const entries = subscription.waiting.splice(0);
    for (const entry of entries) {
      yield* this.give(entry);
      subscription.bytes -= textOf(entry).length;
    }
  }

  settled(time: number): boolean {
    const { deniedAt, readAt, waiting } = this.subscription;
    return deniedAt > -Infinity || (readAt >= time && waiting.length === 0);
  }

  cursor(counts: Readonly<Record<string, number>>): string {
    return this.deliveries.cursor(counts);
  }

  close(): void {
    this.subscription.close();
  }

  private *give(entry: LogEntry): Generator<WatchItem> {
    const source = replicaOf(entry);
    const label = this.job.replicas > 1 ? `[${source}] ` : '';
    const before = this.latest.get(source);
    // The bytes belong to the first entry behind the place.
    const skipped = before === undefined ? this.deliveries.begin(source).bytes : 0;
    const data = Buffer.from(`${label}${textOf(entry).replace(/\r?\n$/, '')}\n`).subarray(skipped);
    const mark = markOf(entry);
    // An entry that came late does not move the place back.
    const latest = before !== undefined && before > mark ? before : mark;
    this.latest.set(source, latest);
    this.deliveries.give(source, source, latest, data.length, skipped);
    for (let from = 0; from < data.length; from += MAX_LOG_ITEM_BYTES)
      yield { type: 'log', stream: 'stdout', source, data: data.subarray(from, from + MAX_LOG_ITEM_BYTES) };
  }

  /** Entries that no reading can bring again need not be remembered. */
  private forget(): void {
    const { seen, since } = this.subscription;
    if (seen.size < 10_000) return;
    const oldest = new Date(Date.parse(since) - 2 * LOOK_BACK_MS).toISOString();
    for (const mark of seen) if (mark < oldest) seen.delete(mark);
  }
}
