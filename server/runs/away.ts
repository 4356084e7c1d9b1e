import type { ServerConfig } from '../config';

/** An agent that misses this many heartbeats counts as lost. */
const MISSED_HEARTBEATS = 3;

/** Age of its last heartbeat, in seconds, from which on an agent is not online any more. */
export const awaySeconds = (config: Pick<ServerConfig, 'SLIPWAY_HEARTBEAT_SECONDS'>): number =>
  config.SLIPWAY_HEARTBEAT_SECONDS * MISSED_HEARTBEATS;
