import type { BusMessage } from './bus';

/** Messages kept while the transport is away; the oldest go first (they are hints, the database has the truth). */
const CAPACITY = 10_000;

/** What a later message makes superfluous, it replaces. */
function mergeKey(message: BusMessage): string | null {
  switch (message.type) {
    case 'log':
      return `log ${message.runId}`;
    case 'work':
      return `work ${message.queueId}`;
    case 'queue':
      return `queue ${message.queueId}`;
    case 'agent':
      return `agent ${message.agentId}`;
    case 'requeued':
      return `requeued ${message.queueId}`;
    case 'nudge':
      return `nudge ${message.agentId}`;
    case 'credentials':
      return 'credentials';
    case 'run':
      return null;
  }
}

/** Messages that wait to be sent to the other processes, coalesced; order is kept for what is not coalesced. */
export class Outbox {
  #messages = new Map<string, BusMessage>();
  #counter = 0;

  get size(): number {
    return this.#messages.size;
  }

  add(message: BusMessage): void {
    const key = mergeKey(message) ?? `run ${this.#counter++}`;
    const before = this.#messages.get(key);
    if (before?.type === 'work' && message.type === 'work') {
      this.#messages.set(key, { ...message, count: before.count + message.count });
    } else {
      this.#messages.set(key, message);
    }
    if (this.#messages.size > CAPACITY) {
      const oldest = this.#messages.keys().next();
      if (!oldest.done) this.#messages.delete(oldest.value);
    }
  }

  takeAll(): BusMessage[] {
    const messages = [...this.#messages.values()];
    this.#messages = new Map();
    return messages;
  }

  /** Puts back what could not be sent, in front of what came meanwhile. */
  putBack(messages: BusMessage[]): void {
    const later = this.takeAll();
    for (const message of [...messages, ...later]) this.add(message);
  }
}

const opening = (origin: string) => `{"origin":${JSON.stringify(origin)},"messages":[`;

/**
 * Packs messages into JSON envelopes of at most `maxBytes` of UTF-8 each. `origin` names the sending process, so that it skips its own.
 * A single message beyond the limit is returned in `tooLarge`.
 */
export function pack(
  origin: string,
  messages: BusMessage[],
  maxBytes: number,
): { payloads: string[]; tooLarge: BusMessage[] } {
  const frame = Buffer.byteLength(opening(origin)) + 2;
  const payloads: string[] = [];
  const tooLarge: BusMessage[] = [];
  let parts: string[] = [];
  let size = frame;
  const finish = () => {
    if (parts.length > 0) payloads.push(`${opening(origin)}${parts.join(',')}]}`);
    parts = [];
    size = frame;
  };
  for (const message of messages) {
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text) + 1;
    if (frame + bytes > maxBytes) {
      tooLarge.push(message);
      continue;
    }
    if (size + bytes > maxBytes) finish();
    parts.push(text);
    size += bytes;
  }
  finish();
  return { payloads, tooLarge };
}

/** The messages of an envelope; null when it is this process's own, or not an envelope. */
export function unpack(origin: string, payload: string): BusMessage[] | null {
  // Every process hears itself too: not worth reading.
  if (payload.startsWith(opening(origin))) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { messages } = parsed as { messages?: unknown };
  return Array.isArray(messages) ? (messages as BusMessage[]) : null;
}
