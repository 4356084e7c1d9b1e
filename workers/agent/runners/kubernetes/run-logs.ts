import type { KubeClient } from '../../kube/client';
import { MAX_LOG_ITEM_BYTES, type WatchItem } from '../types';
import { followContainer } from './container-log';
import { LogCursor, type LogPosition } from './log-cursor';
import { containerNames, containerStatus, isTerminal } from './pods';
import type { TrackedRun } from './tracked';

/** What may wait for the reader of the log, bytes a run; then the connections are read no further. */
const MAX_WAITING_BYTES = 128 * 1024;

interface Entry {
  /** Name of the pod, with the container where a pod has several. */
  source: string;
  container: string;
  data: Buffer;
  from: LogPosition;
  to: LogPosition;
}

/** The logs of all containers of a run, each followed on its own, as one stream of lines. */
export class RunLogs {
  private readonly followed = new Map<string, boolean>();
  private readonly cursors: LogCursor;
  private readonly queue: Entry[] = [];
  private waiting = 0;
  private full: (() => void)[] = [];
  private several = false;

  constructor(
    private readonly client: KubeClient,
    private readonly run: TrackedRun,
    cursor: string | null,
    private readonly signal: AbortSignal,
  ) {
    this.cursors = new LogCursor(cursor);
  }

  /** Begins to follow what has started since. `expected`: how many pods there will be, as far as that is known. */
  follow(expected: number): void {
    const { run } = this;
    this.several ||= expected > 1 || run.pods.size > 1;
    for (const [uid, pod] of run.pods) {
      for (const container of containerNames(pod)) {
        const key = `${uid.slice(0, 8)}${pod.metadata.name.slice(-6)}/${container}`;
        const state = containerStatus(pod, container);
        const begun = state?.state?.running ?? state?.state?.terminated ?? state?.lastState?.terminated;
        if (this.followed.has(key) || begun === undefined || (run.gone.has(uid) && !isTerminal(pod)))
          continue;
        this.followed.set(key, false);
        void this.start(key, uid, container).finally(() => {
          this.followed.set(key, true);
          run.changed();
        });
      }
    }
  }

  /** Whether everything that was followed has been given. */
  get done(): boolean {
    return this.queue.length === 0 && [...this.followed.values()].every(Boolean);
  }

  get hasMore(): boolean {
    return this.queue.length > 0;
  }

  /** What has gathered, in items. */
  *take(): Generator<WatchItem> {
    while (this.queue.length > 0) {
      const source = this.queue[0]?.source ?? '';
      const parts: Buffer[] = [];
      let bytes = 0;
      for (
        let entry = this.queue[0];
        entry?.source === source && bytes + entry.data.length <= MAX_LOG_ITEM_BYTES;
        entry = this.queue[0]
      ) {
        this.queue.shift();
        this.waiting -= entry.data.length;
        this.cursors.give(source, entry.container, entry.data.length, entry.from, entry.to);
        parts.push(entry.data);
        bytes += entry.data.length;
      }
      for (const resolve of this.full.splice(0)) resolve();
      yield { type: 'log', stream: 'stdout', source, data: Buffer.concat(parts) };
    }
  }

  cursor(consumed: Readonly<Record<string, number>>): string {
    return this.cursors.at(consumed);
  }

  private start(key: string, uid: string, container: string): Promise<void> {
    const { client, run, signal } = this;
    const pod = () => run.pods.get(uid) ?? { metadata: { name: '' } };
    const source = () => {
      const { name } = pod().metadata;
      // As long as the server takes it.
      return (containerNames(pod()).length > 1 ? `${name}/${container}` : name).slice(0, 253);
    };
    return followContainer({
      client,
      pod,
      gone: () => run.gone.has(uid),
      container,
      from: this.cursors.of(key),
      sink: {
        write: (data, from, to) => this.write({ source: source(), container: key, data, from, to }),
        warn: (reason, message) => run.warn(reason, message),
        // The log is read as one text, too.
        prefix: () => (this.several || containerNames(pod()).length > 1 ? `[${source()}] ` : ''),
      },
      change: (ms) => run.change(signal, ms),
      signal,
    });
  }

  private async write(entry: Entry): Promise<void> {
    this.queue.push(entry);
    this.waiting += entry.data.length;
    this.run.changed();
    while (this.waiting > MAX_WAITING_BYTES && !this.signal.aborted)
      await new Promise<void>((resolve) => {
        this.full.push(resolve);
        this.signal.addEventListener('abort', () => resolve(), { once: true });
      });
  }
}
