import type { KubeClient } from '../../kube/client';
import { objectPath } from '../../kube/discovery';
import { kubeStatus } from '../../kube/errors';
import type { KubeObject } from '../../kube/types';
import { backoffDelay, errorMessage, sleep } from '../../support/timing';
import { MAX_LOG_ITEM_BYTES } from '../types';
import type { LogPosition } from './log-cursor';
import { containerStatus, isTerminal } from './pods';

/** A line longer than this is given in parts, bytes. */
const MAX_LINE_PART = MAX_LOG_ITEM_BYTES / 2;
/** How long after the end of a log the status may take to say that the container has ended, milliseconds. */
const STATUS_LAG_MS = 3000;
const POD = { apiVersion: 'v1', plural: 'pods', namespaced: true };

export interface LogSink {
  /** A line, or a part of one, and where a reader stands before and after it. Resolves when there is room for more. */
  write(data: Buffer, from: LogPosition, to: LogPosition): Promise<void>;
  warn(reason: string, message: string): void;
  /** Put before each line. */
  prefix(): string;
}

export interface ContainerLogOptions {
  client: KubeClient;
  /** The pod as it is now, or was last. */
  pod: () => KubeObject;
  /** Whether the pod is no longer there. */
  gone: () => boolean;
  container: string;
  from: LogPosition | undefined;
  sink: LogSink;
  /** Resolves at the next change of the pod, or after `ms`. */
  change: (ms: number) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Follows the log of one container to its end, across restarts of the container and broken connections. The API gives time stamps; what
 * was given already is told by them, so no line comes twice or is left out.
 */
export async function followContainer(options: ContainerLogOptions): Promise<void> {
  const { container, signal, sink } = options;
  const reader = new LineReader(options.from);
  let restarts = containerStatus(options.pod(), container)?.restartCount ?? 0;
  // One that was restarted before it was followed: what the instance before said, as far as it is kept.
  if (restarts > 0) await read(options, reader, { previous: true });
  for (let failures = 0; !signal.aborted;) {
    const how = await read(options, reader, { previous: false });
    if (how === 'gone') return;
    if (how === 'unreadable') {
      sink.warn(
        'LogUnreadable',
        `The cluster does not give the log of ${options.pod().metadata.name}/${container}.`,
      );
      return;
    }
    if (how === 'ended') {
      await settled(options, restarts);
      if (isOver(options)) return;
    }
    const now = containerStatus(options.pod(), container)?.restartCount ?? 0;
    if (now > restarts) {
      restarts = now;
      failures = 0;
      await read(options, reader, { previous: true });
    } else if (how === 'waiting') {
      // The restart of a program that crashes is put off longer and longer.
      await options.change(2000);
      if (options.gone() || isTerminal(options.pod())) failures += 1;
      if (failures > 3) return;
    } else await sleep(backoffDelay(failures++, { baseMs: 200, maxMs: 5000 }), signal);
  }
}

/** The container ended and will not start again. */
function isOver({ pod, gone, container }: ContainerLogOptions): boolean {
  if (gone() || isTerminal(pod())) return true;
  const never = pod().spec?.['restartPolicy'] === 'Never';
  return never && containerStatus(pod(), container)?.state?.terminated !== undefined;
}

/** Waits until the status has caught up with the end of the log. */
async function settled(options: ContainerLogOptions, restarts: number): Promise<void> {
  const { pod, container, change, signal } = options;
  const end = performance.now() + STATUS_LAG_MS;
  for (;;) {
    const left = end - performance.now();
    const status = containerStatus(pod(), container);
    const moved = (status?.restartCount ?? 0) > restarts || status?.state?.running === undefined;
    if (left <= 0 || moved || isOver(options) || signal.aborted) return;
    await change(left);
  }
}

type Reading = 'ended' | 'broken' | 'waiting' | 'gone' | 'unreadable';

async function read(
  { client, pod, container, sink, signal }: ContainerLogOptions,
  reader: LineReader,
  { previous }: { previous: boolean },
): Promise<Reading> {
  const { name, namespace = '' } = pod().metadata;
  try {
    const body = await client.stream(`${objectPath(POD, namespace, name)}/log`, {
      query: {
        container,
        timestamps: true,
        ...(previous ? { previous: true } : { follow: true }),
        sinceTime: reader.since,
      },
      signal,
    });
    reader.begin();
    for await (const part of body) await reader.take(part, sink);
    await reader.end(sink);
    return 'ended';
  } catch (error) {
    const status = kubeStatus(error);
    if (status === 404) return 'gone';
    if (status === 403 || status === 401) return 'unreadable';
    // Not started yet, or between two starts; and of one that is gone there is nothing before.
    if (status === 400) return 'waiting';
    if (previous && !signal.aborted)
      sink.warn('LogIncomplete', `A part of the log of ${name} was lost: ${errorMessage(error)}`);
    return 'broken';
  }
}

/** Splits time stamps from lines and leaves out what was given. */
class LineReader {
  private given: LogPosition | undefined;
  private skip: LogPosition | undefined;
  private rest: Buffer = Buffer.alloc(0);
  private time = '';
  private index = 0;
  /** Bytes of the open line, prefix included, that were given or left out; null between lines. */
  private open: number | null = null;

  constructor(from: LogPosition | undefined) {
    this.given = from;
    this.skip = from;
  }

  /** Whole seconds, as the API takes it. */
  get since(): string | undefined {
    return this.given?.[0].replace(/\.\d+/, '');
  }

  begin(): void {
    this.skip = this.given;
    this.rest = Buffer.alloc(0);
    this.open = null;
    this.time = '';
    this.index = 0;
  }

  async take(part: Buffer, sink: LogSink): Promise<void> {
    this.rest = this.rest.length === 0 ? part : Buffer.concat([this.rest, part]);
    for (let end = this.rest.indexOf(10); end >= 0; end = this.rest.indexOf(10)) {
      const line = this.rest.subarray(0, end + 1);
      this.rest = this.rest.subarray(end + 1);
      await this.line(line, true, sink);
    }
    while (this.rest.length > MAX_LINE_PART) {
      const piece = this.rest.subarray(0, MAX_LINE_PART);
      this.rest = this.rest.subarray(MAX_LINE_PART);
      await this.line(piece, false, sink);
    }
  }

  /** What is left without an end of line. */
  async end(sink: LogSink): Promise<void> {
    if (this.rest.length > 0) await this.line(this.rest, true, sink);
    this.rest = Buffer.alloc(0);
  }

  private async line(raw: Buffer, whole: boolean, sink: LogSink): Promise<void> {
    let text = raw;
    if (this.open === null) {
      const space = raw.indexOf(32);
      const time = space < 0 ? raw.toString('utf8').trim() : raw.subarray(0, space).toString('utf8');
      this.index = time === this.time ? this.index + 1 : 0;
      this.time = time;
      this.open = 0;
      text = Buffer.concat([
        Buffer.from(sink.prefix()),
        space < 0 ? Buffer.from('\n') : raw.subarray(space + 1),
      ]);
    }
    const before = this.open;
    this.open = whole ? null : before + text.length;
    const fresh = this.fresh(text, before);
    if (fresh.length === 0) return;
    const from: LogPosition = [this.time, this.index, before + text.length - fresh.length];
    this.given = whole ? [this.time, this.index + 1, 0] : [this.time, this.index, before + text.length];
    await sink.write(fresh, from, this.given);
  }

  private fresh(text: Buffer, before: number): Buffer {
    if (this.skip === undefined) return text;
    const [time, lines, bytes] = this.skip;
    if (this.time < time || (this.time === time && this.index < lines)) return Buffer.alloc(0);
    if (this.time === time && this.index === lines && bytes > before)
      return text.subarray(Math.min(text.length, bytes - before));
    // Once past it nothing more is left out, even if the clock of the node is set back.
    this.skip = undefined;
    return text;
  }
}
