import { LRUCache } from 'lru-cache';
import { conflict, notFound } from '@/core/problems';
import type { AgentActor } from '../access';
import { perProcess } from '../runs/per-process';
import type { Services } from '../services';

/** What a lease call has to know of its agent. */
export interface AgentView {
  id: string;
  name: string;
  entity: string;
  session: number;
  /** Neither paused nor told to drain or stop: it may have new runs. */
  takesWork: boolean;
  /** The queues it asked for that exist and that its token covers, in its own order; deleted ones while they hold runs to adopt (and stop). */
  queues: { id: string; limited: boolean; hostBound: boolean }[];
}

interface Row {
  id: string;
  name: string;
  session: number;
  takesWork: boolean;
  queues: AgentView['queues'];
}

/** Long enough to spare an agent that leases one run after the other a statement each time; a long poll holds on to its view for longer. */
const TTL_MS = 5000;
const views = perProcess((s) => {
  const cache = new LRUCache<string, AgentView>({ max: 20_000, ttl: TTL_MS });
  s.bus.subscribe((message) => {
    if (message.type !== 'agent') return;
    for (const key of cache.keys()) if (key.startsWith(message.agentId)) cache.delete(key);
  });
  return cache;
});

const SELECT = `
SELECT a.id, a.name, a.session, a.paused_at IS NULL AND a.command = 'none' AS "takesWork", coalesce(
  (SELECT json_agg(json_build_object(
            'id', q.id, 'limited', q.max_in_flight IS NOT NULL, 'hostBound', q.resource IN ('local-container', 'local-process')
          ) ORDER BY wanted.ord)
   FROM unnest(a.queue_names) WITH ORDINALITY AS wanted(name, ord)
   JOIN queues q ON q.entity_id = a.entity_id AND q.name = wanted.name AND (
     q.deleted_at IS NULL OR EXISTS (SELECT 1 FROM runs r WHERE r.queue_id = q.id AND r.orphaned_at IS NOT NULL))
   WHERE cardinality($3::uuid[]) = 0 OR q.id = ANY ($3::uuid[])), '[]') AS queues
FROM agents a WHERE a.id = $1 AND a.token_id = $2`;

/**
 * The agent, for the token it registered with. At most some seconds old, and read anew when a message tells of a change; what must be exact (pauses, limits, sessions) is read by the
 * statement that leases.
 *
 * @throws ProblemError not-found for an agent of another token; conflict `superseded` for a process that is not the latest one
 */
export async function agentView(
  s: Services,
  actor: AgentActor,
  agentId: string,
  session: number | undefined,
): Promise<AgentView> {
  const key = `${agentId}/${actor.tokenId}`;
  let view = views(s).get(key);
  if (view === undefined || (session !== undefined && session !== view.session)) {
    const { rows } = await s.pool.query<Row>({
      name: 'agent-view',
      text: SELECT,
      values: [agentId, actor.tokenId, actor.queueIds],
    });
    const [row] = rows;
    if (!row) throw unknownAgent();
    view = { ...row, entity: actor.entity };
    views(s).set(key, view);
  }
  if (session !== undefined && session !== view.session) throw superseded();
  return view;
}

/** Drops what this process remembers of an agent: it is read anew at its next call. */
export function forgetAgent(s: Services, agentId: string): void {
  for (const key of views(s).keys()) if (key.startsWith(agentId)) views(s).delete(key);
}

export const unknownAgent = () => notFound('The agent (register first, with this token)');
export const superseded = () =>
  conflict(
    'Another process has registered with the same instance id. This one must not go on: its runs belong to the other.',
    'superseded',
  );
