import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Transport, TransportEvents } from './transport-bus';

const CHANNEL = 'slipway:bus';
const MAX_PAYLOAD_BYTES = 256 * 1024;

/** Redis publish/subscribe: one connection that listens, one that sends. ioredis reconnects; what is subscribed is ours to repeat. */
export async function openRedisTransport(
  url: string,
  events: TransportEvents,
  log: Logger,
): Promise<Transport> {
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    autoResubscribe: false,
    connectTimeout: 5_000,
    retryStrategy: (times: number) => Math.min(100 * 2 ** Math.min(times, 6), 5_000),
  };
  const listener = new Redis(url, { ...options, connectionName: 'slipway-bus-in' });
  const sender = new Redis(url, { ...options, connectionName: 'slipway-bus-out' });
  /** From when on a new subscription means that messages were missed. */
  let listening = false;
  let closed = false;

  for (const connection of [listener, sender]) {
    connection.on('error', (error: Error) => {
      log.debug({ err: error }, 'the bus has trouble with Redis');
    });
  }
  listener.on('message', (_channel: string, payload: string) => {
    events.onPayload(payload);
  });
  listener.on('close', () => {
    if (listening && !closed) log.warn('the bus lost its Redis connection');
  });

  const subscribed = new Promise<void>((resolve) => {
    listener.on('ready', () => {
      listener.subscribe(CHANNEL).then(
        () => {
          events.onConnected(listening);
          listening = true;
          resolve();
        },
        (error: unknown) => {
          log.warn({ err: error }, 'the bus could not subscribe at Redis');
          listener.disconnect(true);
        },
      );
    });
  });
  sender.on('ready', () => {
    events.onConnected(false);
  });

  try {
    await Promise.all([listener.connect(), sender.connect()]);
    await subscribed;
  } catch (error) {
    log.warn({ err: error }, 'the bus cannot reach Redis yet');
    listening = true;
  }

  return {
    maxBytes: MAX_PAYLOAD_BYTES,
    get connected() {
      return sender.status === 'ready';
    },
    send: async (payloads) => {
      await Promise.all(payloads.map((payload) => sender.publish(CHANNEL, payload)));
    },
    close: () => {
      closed = true;
      listener.disconnect();
      sender.disconnect();
      return Promise.resolve();
    },
  };
}
