import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Bus, BusMessage } from './bus';
import { Outbox, pack, unpack } from './outbox';
import { Subscribers } from './subscribers';

/** Carries envelopes between processes. It reconnects by itself. */
export interface Transport {
  /** Largest envelope, bytes. */
  maxBytes: number;
  /** Whether `send` has a chance just now. */
  readonly connected: boolean;
  /** Sends all in order; rejects when that cannot be known. */
  send(payloads: string[]): Promise<void>;
  close(): Promise<void>;
}
export interface TransportEvents {
  onPayload(payload: string): void;
  /** After each connection; `again` is false for the first one of the process's life. */
  onConnected(again: boolean): void;
}

/** Between two envelopes: what comes right after one gathers, so that a busy server does not send hundreds a second. */
const PAUSE_MS = 3;

/**
 * The bus over any transport: own subscribers hear at once, other processes through envelopes. Messages published in one tick, or soon
 * after an envelope, travel together.
 */
export async function createTransportBus(
  open: (events: TransportEvents) => Promise<Transport>,
  log: Logger,
): Promise<Bus> {
  const origin = randomUUID().slice(0, 8);
  const subscribers = new Subscribers(log);
  const outbox = new Outbox();
  let sending: Promise<void> | undefined;
  let scheduled = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  const link: { transport?: Transport } = {};
  link.transport = await open({
    onPayload: (payload) => {
      for (const message of unpack(origin, payload) ?? []) subscribers.deliver(message);
    },
    onConnected: (again) => {
      if (again) subscribers.gap();
      schedule();
    },
  });

  function schedule(): void {
    if (scheduled || closed) return;
    scheduled = true;
    const wait = sentAt + PAUSE_MS - performance.now();
    if (wait > 0) setTimeout(send, wait).unref();
    else setImmediate(send);
  }

  function send(): void {
    scheduled = false;
    if (closed) return;
    sending ??= flush().finally(() => {
      sending = undefined;
      if (outbox.size > 0 && link.transport?.connected) schedule();
    });
  }

  async function flush(): Promise<void> {
    const { transport } = link;
    if (outbox.size === 0 || !transport?.connected) return;
    sentAt = performance.now();
    const messages = outbox.takeAll();
    const { payloads, tooLarge } = pack(origin, messages, transport.maxBytes);
    for (const message of tooLarge)
      log.error({ type: message.type }, 'a message is too large for the bus and was not sent');
    try {
      await transport.send(payloads);
    } catch (error) {
      log.warn({ err: error }, 'the bus could not send; it will after the next connection');
      outbox.putBack(messages.filter((message) => !tooLarge.includes(message)));
    }
  }

  return {
    publish: (...messages: BusMessage[]) => {
      if (closed) return;
      for (const message of messages) {
        outbox.add(message);
        subscribers.deliver(message);
      }
      schedule();
    },
    subscribe: (handler) => subscribers.add(handler),
    onGap: (handler) => subscribers.addGap(handler),
    close: async () => {
      if (closed) return;
      await sending;
      await flush();
      closed = true;
      subscribers.clear();
      await link.transport?.close();
    },
  };
}
