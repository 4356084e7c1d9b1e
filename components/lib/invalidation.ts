import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import type { StreamMessage } from '@/core/wire';

/** Which cached answers a message makes old. Keys begin with what messages name: `['run', id]`, `['queue', entity, name]`, `['entity', entity, …]`. */
export function staleKeys(message: StreamMessage): QueryKey[] {
  switch (message.type) {
    case 'run':
      return [
        ['run', message.runId],
        ['queue', message.entity, message.queue],
        ['entity', message.entity, 'runs'],
        ['entity', message.entity, 'jobs'],
        ['entity', message.entity, 'queues'],
        ['entity', message.entity, 'agents'],
      ];
    case 'queue':
      return [
        ['queue', message.entity, message.queue],
        ['entity', message.entity, 'queues'],
      ];
    case 'agent':
      return [
        ['entity', message.entity, 'agents'],
        ['entity', message.entity, 'queues'],
        ['entity', message.entity, 'agent-tokens'],
      ];
    case 'log':
    case 'refused':
      return [];
    case 'reset':
      return [['run'], ['queue'], ['entity']];
  }
}

/** Cached answers that the messages of a topic are about. */
export function topicKey(topic: string): QueryKey {
  const [, kind = '', rest = ''] = /^(\w+):(.*)$/.exec(topic) ?? [];
  return kind === 'queue' ? ['queue', ...rest.split('/')] : [kind, rest];
}

/** The first message of a quiet time is acted on after this, milliseconds. */
const SOON_MS = 80;
/** Under a stream of messages what is shown is asked for again ever less often, down to this pace, milliseconds. */
const PACE_MS = 1_000;
/** A list of more pages than this is asked for again at a pace of its own: each time all of its pages are fetched. */
const LONG_PAGES = 5;
const LONG_PACE_MS = 15_000;

/** The answers of a list that is fetched page by page; others under the same key (the histogram) have no pages. */
export interface Paged<T = unknown> {
  pages: { items: T[] }[];
}
export const isPaged = (data: unknown): data is Paged =>
  typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages);

const isLong = ({ state: { data } }: Query): boolean => isPaged(data) && data.pages.length > LONG_PAGES;

/**
 * Asks again for what messages have made old, in bundles: at once when it was quiet, a few times soon after each other, and once a second
 * while messages keep coming. Call the result with each message; `stop` ends the timers.
 */
export function createInvalidator(client: QueryClient): {
  note: (message: StreamMessage) => void;
  /** Takes keys themselves. */
  renew: (keys: readonly QueryKey[]) => void;
  stop: () => void;
} {
  const short = createBundle(SOON_MS, PACE_MS, (queryKey) => {
    void client.invalidateQueries(
      { queryKey, predicate: (query) => !isLong(query) },
      { cancelRefetch: false },
    );
  });
  const long = createBundle(PACE_MS, LONG_PACE_MS, (queryKey) => {
    void client.invalidateQueries({ queryKey, predicate: isLong }, { cancelRefetch: false });
  });
  const renew = (stale: readonly QueryKey[]) => {
    short.add(stale);
    long.add(
      stale.filter((queryKey) => client.getQueryCache().find({ queryKey, exact: false, predicate: isLong })),
    );
  };
  return {
    note: (message) => renew(staleKeys(message)),
    renew,
    stop: () => {
      short.stop();
      long.stop();
    },
  };
}

/** Collects keys and acts on each once: after `soon` when it was quiet, then after twice as long each time, up to `pace`. */
function createBundle(soon: number, pace: number, act: (key: QueryKey) => void) {
  const keys = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  let wait = soon;
  const flush = () => {
    timer = undefined;
    last = Date.now();
    const due = [...keys.values()];
    keys.clear();
    for (const key of due) act(key);
  };
  return {
    add: (stale: readonly QueryKey[]) => {
      for (const key of stale) keys.set(JSON.stringify(key), key);
      if (keys.size === 0 || timer !== undefined) return;
      const quiet = Date.now() - last;
      wait = quiet >= pace ? soon : Math.min(pace, wait * 2);
      timer = setTimeout(flush, Math.max(soon, wait - quiet));
    },
    stop: () => clearTimeout(timer),
  };
}
