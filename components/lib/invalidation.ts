import type { QueryClient, QueryKey } from '@tanstack/react-query';
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
/** Under a stream of messages what is shown is asked for again at most this often, milliseconds. */
const PACE_MS = 1_000;

/**
 * Asks again for what messages have made old, in bundles: at once when it was quiet, else once a second.
 * Call the result with each message; `stop` ends the timer.
 */
export function createInvalidator(client: QueryClient): {
  note: (message: StreamMessage) => void;
  /** Takes keys themselves. */
  renew: (keys: readonly QueryKey[]) => void;
  stop: () => void;
} {
  const keys = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const flush = () => {
    timer = undefined;
    last = Date.now();
    const due = [...keys.values()];
    keys.clear();
    for (const queryKey of due) void client.invalidateQueries({ queryKey }, { cancelRefetch: false });
  };
  const renew = (stale: readonly QueryKey[]) => {
    for (const key of stale) keys.set(JSON.stringify(key), key);
    if (keys.size > 0) timer ??= setTimeout(flush, Math.max(SOON_MS, last + PACE_MS - Date.now()));
  };
  return {
    note: (message) => renew(staleKeys(message)),
    renew,
    stop: () => clearTimeout(timer),
  };
}
