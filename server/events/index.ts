import type { Logger } from 'pino';
import type { Bus } from './bus';
import { openPostgresTransport } from './postgres';
import { openRedisTransport } from './redis';
import { createTransportBus } from './transport-bus';

export type { Bus, BusHandler, BusMessage } from './bus';

export interface BusSettings {
  databaseUrl: string;
  /** Where given, messages go over Redis. */
  redisUrl?: string | undefined;
}

/**
 * The bus of this process: over Redis where there is one, else over LISTEN/NOTIFY. Resolves once it listens, or, when the other side
 * cannot be reached, at once; it then connects as soon as that is possible.
 */
export function createBus({ databaseUrl, redisUrl }: BusSettings, log: Logger): Promise<Bus> {
  const own = log.child({ part: 'bus' });
  return createTransportBus(
    (events) =>
      redisUrl ? openRedisTransport(redisUrl, events, own) : openPostgresTransport(databaseUrl, events, own),
    own,
  );
}
