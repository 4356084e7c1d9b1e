import type { KubeClient } from './client';
import { KubeError, kubeStatus } from './errors';
import type { KubeList, KubeObject, KubeStatus, Query } from './types';
import { backoffDelay, sleep } from '../support/timing';

/** Objects of one page of a list. */
const PAGE = 500;
/** How long the API keeps one watch open, seconds; then it is taken up where it was left. */
const WATCH_SECONDS = 290;
const MAX_LINE_BYTES = 16 * 1024 * 1024;

export interface ReflectorHandlers {
  /** The whole collection as it is: at the start, and again whenever the API no longer knows what was missed (410). */
  onList(objects: KubeObject[]): void;
  onChange(object: KubeObject): void;
  onDelete(object: KubeObject): void;
  /** The collection cannot be read at the moment; called each time. It is tried again by itself. */
  onTrouble(error: unknown): void;
}

/** How long to wait after trouble, milliseconds. */
export const REFLECTOR_BACKOFF = { baseMs: 250, maxMs: 15_000 };

/**
 * Keeps up with a collection until `signal` is aborted: one list, then watches with bookmarks, each from where the last one ended. After
 * 410 (what was missed is no longer known) it lists again; after anything else it waits a little and goes on.
 */
export async function reflect(
  client: KubeClient,
  path: string,
  query: Query,
  handlers: ReflectorHandlers,
  signal: AbortSignal,
): Promise<void> {
  let version: string | null = null;
  let failures = 0;
  // A function, since a flag that is changed elsewhere looks constant to the type checker.
  const left = () => signal.aborted;
  while (!left()) {
    try {
      if (version === null) {
        const { objects, resourceVersion } = await list(client, path, query, signal);
        handlers.onList(objects);
        version = resourceVersion;
        failures = 0;
      }
      const events: AsyncIterable<WatchEvent> = watch(client, path, query, version, signal);
      for await (const { type, object } of events) {
        failures = 0;
        if (type === 'ERROR') {
          const status = object as unknown as KubeStatus;
          throw new KubeError(status.code ?? 500, status, undefined);
        }
        version = object.metadata.resourceVersion ?? version;
        if (type === 'DELETED') handlers.onDelete(object);
        else if (type !== 'BOOKMARK') handlers.onChange(object);
      }
      // Closed in good order, as the API does from time to time; a server that closes at once is not asked in a tight loop.
      failures += 1;
      if (failures > 1) await sleep(backoffDelay(failures - 2, REFLECTOR_BACKOFF), signal);
    } catch (error) {
      if (left()) return;
      if (kubeStatus(error) === 410) {
        version = null;
        continue;
      }
      handlers.onTrouble(error);
      const asked = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      await sleep(Math.max(asked, backoffDelay(failures++, REFLECTOR_BACKOFF)), signal);
    }
  }
}

async function list(
  client: KubeClient,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<{ objects: KubeObject[]; resourceVersion: string }> {
  const objects: KubeObject[] = [];
  let next: string | undefined;
  for (;;) {
    const page: KubeList = await client.request<KubeList>(path, {
      query: { ...query, limit: PAGE, continue: next },
      signal,
    });
    objects.push(...page.items);
    next = page.metadata.continue || undefined;
    if (next === undefined) return { objects, resourceVersion: page.metadata.resourceVersion ?? '' };
  }
}

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject;
}

async function* watch(
  client: KubeClient,
  path: string,
  query: Query,
  resourceVersion: string,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void> {
  const body = await client.stream(path, {
    query: {
      ...query,
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion,
      timeoutSeconds: WATCH_SECONDS,
    },
    signal,
  });
  for await (const line of lines(body)) yield JSON.parse(line) as WatchEvent;
}

/** Lines of a stream of bytes, without their ends; what follows the last end is an event that was cut, which the next watch gives again. */
async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let rest: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    let start = 0;
    for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, start)) {
      rest.push(part.subarray(start, end));
      yield Buffer.concat(rest).toString('utf8');
      rest = [];
      bytes = 0;
      start = end + 1;
    }
    rest.push(part.subarray(start));
    bytes += part.length - start;
    if (bytes > MAX_LINE_BYTES) throw new Error('An event of the Kubernetes API is too large.');
  }
}
