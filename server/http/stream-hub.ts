import { randomBytes } from 'node:crypto';
import type { StreamMessage } from '@/core/wire';
import type { Bus, BusMessage } from '../events';
import { concerns } from './stream-topics';
import type { Topic } from './stream-topics';

/** Messages that a client which comes back can still be given. */
const RING = 4096;
/** Messages a client may be behind before it is dropped; its browser comes back and resumes. */
const BACKLOG = 1024;
const HEARTBEAT_MS = 15_000;

interface Sink {
  client: HubClient;
  controller: ReadableStreamDefaultController<Uint8Array>;
}
interface Entry {
  number: number;
  message: StreamMessage;
}
export interface HubClient {
  topics: readonly Topic[];
  /** Sent to this client alone, before all else. */
  first?: StreamMessage | undefined;
  /** Number of the last message the client has, when it resumes. */
  lastEventId?: string | undefined;
  /** Called when credentials changed somewhere: resolves to false when the client may hear no more. */
  stillAllowed: () => Promise<boolean>;
}
export interface StreamHub {
  readonly clients: number;
  /** Bytes of an event stream; ends when the client falls behind, may no longer listen, or the hub closes. */
  open(client: HubClient): ReadableStream<Uint8Array>;
  close(): void;
}

/** What of the bus people may see. */
function forPeople(message: BusMessage): StreamMessage | null {
  switch (message.type) {
    case 'run': {
      const { type, runId, entity, queue, state, stopping, seq } = message;
      return { type, runId, entity, queue, state, stopping, seq };
    }
    case 'log':
      return { type: 'log', runId: message.runId, bytes: message.bytes };
    case 'queue':
      return { type: 'queue', entity: message.entity, queue: message.queue };
    case 'agent':
      return { type: 'agent', entity: message.entity, agentId: message.agentId };
    default:
      return null;
  }
}

/**
 * Hands the bus to event streams. Ids are `EPOCH-NUMBER`: the epoch is this process's (and a new one after each gap of the bus), so an id
 * of another process, or one older than the ring, is answered with `reset`.
 */
export function createStreamHub(bus: Bus): StreamHub {
  const encoder = new TextEncoder();
  const sinks = new Set<Sink>();
  let epoch = newEpoch();
  let number = 0;
  let ring: Entry[] = [];

  function frame({ number: id, message }: Entry): Uint8Array {
    return encoder.encode(`id: ${epoch}-${id}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  function drop(sink: Sink): void {
    if (!sinks.delete(sink)) return;
    try {
      sink.controller.close();
    } catch {
      // The reader has cancelled it already.
    }
  }

  function push(sink: Sink, bytes: Uint8Array): void {
    if ((sink.controller.desiredSize ?? 0) <= 0) drop(sink);
    else sink.controller.enqueue(bytes);
  }

  const unsubscribe = bus.subscribe((busMessage) => {
    if (busMessage.type === 'credentials') void recheck();
    const message = forPeople(busMessage);
    if (!message) return;
    const entry = { number: ++number, message };
    ring.push(entry);
    if (ring.length > 2 * RING) ring = ring.slice(-RING);
    let bytes: Uint8Array | undefined;
    for (const sink of sinks) {
      if (concerns(sink.client.topics, message)) push(sink, (bytes ??= frame(entry)));
    }
  });
  const endGap = bus.onGap(() => {
    epoch = newEpoch();
    ring = [];
    const bytes = frame({ number: ++number, message: { type: 'reset' } });
    for (const sink of sinks) push(sink, bytes);
  });
  const heartbeat = setInterval(() => {
    const bytes = encoder.encode(':\n\n');
    for (const sink of sinks) push(sink, bytes);
  }, HEARTBEAT_MS);
  heartbeat.unref();

  async function recheck(): Promise<void> {
    // Not in the same turn: caches of what people may do hear of the change from the same message, perhaps after us.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(
      [...sinks].map(async (sink) => {
        const allowed = await sink.client.stillAllowed().catch(() => false);
        if (!allowed) drop(sink);
      }),
    );
  }

  /** What a client has missed; null when that is not known any more, or so much that it had better ask for everything. */
  function missed({ lastEventId, topics }: HubClient): Entry[] | null {
    if (lastEventId === undefined) return [];
    const [, from, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastEventId) ?? [];
    const last = Number(digits);
    const oldest = ring[0]?.number ?? number + 1;
    if (from !== epoch || last > number || last + 1 < oldest) return null;
    const entries = ring.slice(last + 1 - oldest).filter(({ message }) => concerns(topics, message));
    return entries.length < BACKLOG / 2 ? entries : null;
  }

  return {
    get clients() {
      return sinks.size;
    },
    open: (client) => {
      let sink: Sink | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            sink = { client, controller };
            sinks.add(sink);
            const entries = missed(client);
            // The id without data sets the resume point of a client that never gets a message.
            const resumePoint = entries && entries.length > 0 ? '' : `id: ${epoch}-${number}\n`;
            controller.enqueue(encoder.encode(`retry: 2000\n${resumePoint}\n`));
            if (client.first) controller.enqueue(encoder.encode(`data: ${JSON.stringify(client.first)}\n\n`));
            if (entries === null) controller.enqueue(frame({ number, message: { type: 'reset' } }));
            else for (const entry of entries) push(sink, frame(entry));
          },
          cancel: () => {
            if (sink) sinks.delete(sink);
          },
        },
        new CountQueuingStrategy({ highWaterMark: BACKLOG }),
      );
    },
    close: () => {
      clearInterval(heartbeat);
      unsubscribe();
      endGap();
      for (const sink of sinks) drop(sink);
    },
  };
}

const newEpoch = () => randomBytes(6).toString('hex');
