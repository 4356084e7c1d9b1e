import type { StreamMessage } from '@/core/wire';

/** `stale`: the stream is gone for a while, and the pages ask every few seconds instead. `since`: milliseconds since 1970. */
export type LiveStatus =
  { state: 'connecting' } | { state: 'live' } | { state: 'reconnecting' } | { state: 'stale'; since: number };

export interface Source {
  readonly readyState: number;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { data: string; lastEventId: string }) => void) | null;
  close(): void;
}
export interface LiveOptions {
  open: (address: string) => Source;
  now?: () => number;
}
type Handler = (message: StreamMessage) => void;
type TopicsHandler = (topics: readonly string[]) => void;
interface Subscription {
  topics: readonly string[];
  handler: Handler | undefined;
}

const CLOSED = 2;
const STALE_AFTER_MS = 10_000;
const POLL_MS = 5_000;
const BACKOFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
/** Ids that are remembered, so that a message which comes over the old and the new stream counts once. */
const REMEMBERED = 256;

/**
 * The one event stream of a tab. Components add topics; when their union changes, a new stream is opened and the old one is closed only
 * when the new one stands, so that nothing falls between. A break that the browser cannot mend by itself is retried with backoff, and
 * everything is asked for again afterwards (`reset`). While the stream is gone for long, `reset` comes every few seconds: polling.
 * Topics that may not be heard (a run that was deleted, a team one has left) are left out by the server, and do not take the others along.
 */
export class LiveConnection {
  private readonly subscriptions = new Set<Subscription>();
  private readonly listeners = new Set<() => void>();
  private readonly everyone = new Set<Handler>();
  private readonly openedListeners = new Set<TopicsHandler>();
  /** Topics that the stream before this one had. */
  private covered: readonly string[] = [];
  private readonly seen: string[] = [];
  private source: Source | undefined;
  private address = '';
  private pending: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private failures = 0;
  private brokenAt: number | undefined;
  private current: LiveStatus = { state: 'connecting' };
  private readonly now: () => number;

  constructor(private readonly options: LiveOptions) {
    this.now = options.now ?? Date.now;
  }

  readonly status = (): LiveStatus => this.current;
  readonly onStatus = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hears every message of every topic. */
  onMessage(handler: Handler): () => void {
    this.everyone.add(handler);
    return () => this.everyone.delete(handler);
  }

  /** Hears topics whose stream stands from now on: what was asked for before that may have changed unheard. */
  onOpened(handler: TopicsHandler): () => void {
    this.openedListeners.add(handler);
    return () => this.openedListeners.delete(handler);
  }

  /** Adds topics; the handler hears messages of these only, and `reset`. */
  subscribe(topics: readonly string[], handler?: Handler): () => void {
    const subscription = { topics, handler };
    this.subscriptions.add(subscription);
    this.plan();
    return () => {
      this.subscriptions.delete(subscription);
      this.plan();
    };
  }

  /** The network is back: does not wait for the backoff. */
  readonly wake = (): void => {
    if (this.current.state === 'live' || this.address === '') return;
    this.failures = 0;
    this.connect();
  };

  /** The network is gone: the browser itself would notice only when a time-out of the connection has passed. */
  readonly lost = (): void => {
    if (this.source !== undefined && this.address !== '') this.broke(false);
  };

  close(): void {
    clearTimeout(this.pending);
    this.drop();
    this.address = '';
  }

  private needed(): string[] {
    return withoutCovered([...this.subscriptions].flatMap(({ topics }) => topics));
  }

  /** A page change removes and adds topics in one go; the pause makes one stream of it. */
  private plan(): void {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      const address = addressOf(this.needed());
      if (address === this.address) return;
      this.address = address;
      if (address === '') this.drop();
      else this.connect();
    }, 30);
  }

  private drop(): void {
    clearTimeout(this.retry);
    clearInterval(this.watch);
    this.watch = undefined;
    this.source?.close();
    this.source = undefined;
    this.covered = [];
  }

  private connect(): void {
    clearTimeout(this.retry);
    const before = this.source;
    const topics = this.needed();
    const source = this.options.open(this.address);
    this.source = source;
    source.onopen = () => {
      before?.close();
      if (source !== this.source) return;
      this.failures = 0;
      clearInterval(this.watch);
      this.watch = undefined;
      const broken = this.brokenAt !== undefined;
      this.brokenAt = undefined;
      this.set({ state: 'live' });
      const fresh = topics.filter((topic) => !this.covered.includes(topic));
      this.covered = topics;
      // A stream that was opened anew has no resume point.
      if (broken) this.deliver({ type: 'reset' });
      else if (fresh.length > 0) for (const listener of this.openedListeners) listener(fresh);
    };
    source.onmessage = ({ data, lastEventId }) => this.receive(data, lastEventId);
    source.onerror = () => {
      if (source !== this.source) return;
      before?.close();
      this.broke(source.readyState === CLOSED);
    };
  }

  private broke(final: boolean): void {
    this.brokenAt ??= this.now();
    if (this.current.state !== 'stale') this.set({ state: 'reconnecting' });
    this.watch ??= setInterval(() => {
      if (this.brokenAt === undefined || this.now() - this.brokenAt < STALE_AFTER_MS) return;
      if (this.current.state !== 'stale') this.set({ state: 'stale', since: this.brokenAt });
      this.deliver({ type: 'reset' });
    }, POLL_MS);
    if (!final) return;
    const wait = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)] ?? 30_000;
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), wait * (0.8 + 0.4 * Math.random()));
  }

  private receive(data: string, id: string): void {
    if (id !== '') {
      if (this.seen.includes(id)) return;
      this.seen.push(id);
      if (this.seen.length > REMEMBERED) this.seen.shift();
    }
    this.deliver(JSON.parse(data) as StreamMessage);
  }

  private deliver(message: StreamMessage): void {
    for (const handler of this.everyone) handler(message);
    for (const { topics, handler } of this.subscriptions) {
      if (handler !== undefined && topics.some((topic) => concerns(topic, message))) handler(message);
    }
  }

  private set(status: LiveStatus): void {
    this.current = status;
    for (const listener of this.listeners) listener();
  }
}

/** Topics in order, each once. A queue's topic is part of its entity's. */
function withoutCovered(topics: readonly string[]): string[] {
  const wanted = [...new Set(topics)].sort();
  return wanted.filter((topic) => {
    const entity = /^queue:([^/]+)\//.exec(topic)?.[1];
    return entity === undefined || !wanted.includes(`entity:${entity}`);
  });
}

/** Address of the stream of these topics; '' for none. */
const addressOf = (topics: readonly string[]): string =>
  topics.length === 0 ? '' : `/api/v1/stream?partial=1&topic=${encodeURIComponent(topics.join(','))}`;

function concerns(topic: string, message: StreamMessage): boolean {
  switch (message.type) {
    case 'reset':
      return true;
    case 'refused':
      return false;
    case 'run':
      return (
        topic === `run:${message.runId}` ||
        topic === `queue:${message.entity}/${message.queue}` ||
        topic === `entity:${message.entity}`
      );
    case 'log':
      return topic === `run:${message.runId}`;
    case 'queue':
      return topic === `queue:${message.entity}/${message.queue}` || topic === `entity:${message.entity}`;
    case 'agent':
      return topic === `entity:${message.entity}`;
  }
}
