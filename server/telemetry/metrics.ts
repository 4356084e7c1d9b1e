import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { limitedWaiting, oldestWaiting, waitingCounts } from '../runs/waiting-counts';
import type { Services } from '../services';

export interface Metrics {
  contentType: string;
  /** One finished request. */
  observeRequest(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** The text for Prometheus; the state of the queues is asked of the database at that moment. */
  read(): Promise<string>;
  close(): void;
}

interface QueueNow {
  id: string;
  entity: string;
  queue: string;
  waiting: number;
  inFlight: number;
  oldest: number;
}
/** Queues that one look names; an installation with more is asked by the interface of each queue. */
const MAX_QUEUES = 2000;
const QUEUES_NOW = `
SELECT q.id, e.name AS entity, q.name AS queue, ${limitedWaiting('q.id')} AS waiting, coalesce(f.runs, 0)::int AS "inFlight",
       coalesce(extract(epoch FROM now() - ${oldestWaiting('q.id')}), 0)::float8 AS oldest
FROM queues q JOIN entities e ON e.id = q.entity_id
LEFT JOIN (SELECT queue_id, count(*) AS runs FROM runs WHERE state IN ('leased', 'building', 'starting', 'running') GROUP BY queue_id) f
  ON f.queue_id = q.id
WHERE q.deleted_at IS NULL ORDER BY q.id LIMIT ${MAX_QUEUES}`;

/** Numbers of this process and of the queues it serves. */
export function createMetrics(services: Services, streams: () => number): Metrics {
  const { pool, bus, log } = services;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const requests = new Histogram({
    name: 'slipway_http_request_duration_seconds',
    help: 'Time to answer, by call. Long polls and event streams count with the time they were held.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers,
  });
  const messages = new Counter({
    name: 'slipway_bus_messages_total',
    help: 'Messages delivered by the bus, by type',
    labelNames: ['type'] as const,
    registers,
  });
  const gaps = new Counter({
    name: 'slipway_bus_gaps_total',
    help: 'Times the bus lost its connection',
    registers,
  });
  const unsubscribe = bus.subscribe((message) => {
    messages.inc({ type: message.type });
  });
  const endGap = bus.onGap(() => {
    gaps.inc();
  });

  new Gauge({
    name: 'slipway_event_streams',
    help: 'Open event streams of browsers',
    registers,
    collect() {
      this.set(streams());
    },
  });
  new Gauge({
    name: 'slipway_db_connections',
    help: 'Connections of the pool, by use',
    labelNames: ['use'] as const,
    registers,
    collect() {
      this.set({ use: 'idle' }, pool.idleCount);
      this.set({ use: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ use: 'awaited' }, pool.waitingCount);
    },
  });
  const runs = new Gauge({
    name: 'slipway_runs',
    help: 'Runs that have not ended, by state',
    labelNames: ['state'] as const,
    registers,
  });
  const leases = new Gauge({
    name: 'slipway_leases',
    help: 'Leases of runs in flight: held, or run out',
    labelNames: ['status'] as const,
    registers,
  });
  const agents = new Gauge({
    name: 'slipway_agents_online',
    help: 'Agents heard of within the last minute',
    registers,
  });

  const queueLabels = { labelNames: ['entity', 'queue'] as const, registers };
  const waiting = new Gauge({
    name: 'slipway_queue_waiting',
    help: 'Runs that wait in a queue',
    ...queueLabels,
  });
  const inFlight = new Gauge({
    name: 'slipway_queue_in_flight',
    help: 'Runs of a queue that an agent has',
    ...queueLabels,
  });
  const oldest = new Gauge({
    name: 'slipway_queue_oldest_wait_seconds',
    help: 'How long the oldest run that may start has waited; 0 when none waits',
    ...queueLabels,
  });

  /** How many runs wait in all of them. */
  async function readEachQueue(): Promise<number> {
    const { rows } = await pool.query<QueueNow>(QUEUES_NOW);
    const counts = await waitingCounts(services, rows);
    for (const gauge of [waiting, inFlight, oldest]) gauge.reset();
    for (const { id, entity, queue, ...row } of rows) {
      waiting.set({ entity, queue }, counts.get(id) ?? 0);
      inFlight.set({ entity, queue }, row.inFlight);
      oldest.set({ entity, queue }, row.oldest);
    }
    return [...counts.values()].reduce((sum, runs) => sum + runs, 0);
  }

  async function readQueues(): Promise<void> {
    const pending = await readEachQueue();
    const { rows: inFlight } = await pool.query<{ state: string; runs: number; expired: number }>(
      `SELECT state, count(*) AS runs, count(*) FILTER (WHERE orphaned_at IS NOT NULL OR lease_expires_at < now()) AS expired
       FROM runs WHERE state IN ('leased', 'building', 'starting', 'running') GROUP BY state`,
    );
    const byState = new Map(inFlight.map((row) => [row.state, row]));
    runs.set({ state: 'pending' }, pending);
    for (const state of ['leased', 'building', 'starting', 'running'])
      runs.set({ state }, byState.get(state)?.runs ?? 0);
    const expired = inFlight.reduce((sum, row) => sum + row.expired, 0);
    leases.set({ status: 'expired' }, expired);
    leases.set({ status: 'held' }, inFlight.reduce((sum, row) => sum + row.runs, 0) - expired);
    const online = await pool.query<{ count: number }>(
      "SELECT count(*) AS count FROM agents WHERE gone_at IS NULL AND last_heartbeat_at > now() - interval '1 minute'",
    );
    agents.set(online.rows[0]?.count ?? 0);
  }

  return {
    contentType: registry.contentType,
    observeRequest: ({ method, route, status }, seconds) => {
      requests.observe({ method, route, status }, seconds);
    },
    read: async () => {
      // The numbers of the process are worth most while the database is away.
      await readQueues().catch((error: unknown) => {
        log.warn({ err: error }, 'the state of the queues could not be read for the metrics');
        for (const gauge of [runs, leases, agents, waiting, inFlight, oldest]) gauge.reset();
      });
      return registry.metrics();
    },
    close: () => {
      unsubscribe();
      endGap();
      registry.clear();
    },
  };
}
