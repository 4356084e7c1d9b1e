import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import type { Transport, TransportEvents } from './transport-bus';

const CHANNEL = 'slipway';
/** PostgreSQL refuses NOTIFY payloads of 8000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7_900;
/** A connection whose peer has vanished without a word is noticed by a query, milliseconds. */
const PROBE_EVERY_MS = 15_000;
const PROBE_TIMEOUT_MS = 10_000;
const MAX_BACKOFF_MS = 5_000;

/** LISTEN/NOTIFY over a connection of its own, opened again with growing pauses (0.1 s to 5 s) whenever it breaks. */
export async function openPostgresTransport(
  url: string,
  events: TransportEvents,
  log: Logger,
): Promise<Transport> {
  const stop = new AbortController();
  const stopped = () => stop.signal.aborted;
  let client: Client | undefined;
  let everConnected = false;

  async function connectOnce(): Promise<Client> {
    const next = new Client({
      connectionString: url,
      application_name: 'slipway bus',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: PROBE_TIMEOUT_MS,
    });
    next.on('error', () => {
      // The 'end' that follows begins the next attempt.
    });
    next.on('notification', ({ payload }) => {
      if (payload) events.onPayload(payload);
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      next.end().catch(() => {});
      throw error;
    }
    next.once('end', () => {
      lost(next);
    });
    client = next;
    events.onConnected(everConnected);
    everConnected = true;
    return next;
  }

  function lost(which: Client): void {
    if (client !== which) return;
    client = undefined;
    if (stopped()) return;
    log.warn('the bus lost its database connection');
    reconnecting = reconnect();
  }

  async function reconnect(): Promise<void> {
    for (let delay = 100; !stopped(); delay = Math.min(delay * 2, MAX_BACKOFF_MS)) {
      try {
        await sleep(delay * (0.5 + Math.random() / 2), undefined, { signal: stop.signal });
        await connectOnce();
        log.info('the bus is connected again');
        return;
      } catch (error) {
        if (!stopped()) log.debug({ err: error }, 'the bus cannot connect yet');
      }
    }
  }

  let reconnecting: Promise<void> = Promise.resolve();
  try {
    await connectOnce();
  } catch (error) {
    log.warn({ err: error }, 'the bus cannot reach the database yet');
    // Whoever subscribes before the first connection misses what others published until then: a gap like any other.
    everConnected = true;
    reconnecting = reconnect();
  }

  const probe = setInterval(() => {
    const probed = client;
    probed?.query('SELECT 1').catch(() => {
      lost(probed);
      // Not awaited: the end of a connection whose peer is gone may take many minutes.
      probed.end().catch(() => {});
    });
  }, PROBE_EVERY_MS);
  probe.unref();

  return {
    maxBytes: MAX_PAYLOAD_BYTES,
    get connected() {
      return client !== undefined;
    },
    send: async (payloads) => {
      if (!client) throw new Error('the bus is not connected');
      await client.query(
        'SELECT pg_notify($1, payload) FROM unnest($2::text[]) WITH ORDINALITY AS p(payload, n) ORDER BY n',
        [CHANNEL, payloads],
      );
    },
    close: async () => {
      stop.abort();
      clearInterval(probe);
      await reconnecting;
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
