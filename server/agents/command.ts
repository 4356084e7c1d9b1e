import type { Agent } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { audit } from '../audit';
import { withTransaction } from '../db';
import type { Services } from '../services';
import { getAgent, noAgent } from './list';

export interface CommandInput {
  entity: string;
  id: string;
  command: 'stop' | 'drain' | 'pause' | 'resume';
  /** Of a pause: shown with it. */
  note?: string | undefined;
  /** Of a pause: after so long it ends by itself. */
  minutes?: number | null | undefined;
}

const CHANGES: Record<CommandInput['command'], string> = {
  stop: "command = 'stop'",
  drain: "command = 'drain'",
  pause: `paused_at = coalesce(paused_at, now()), pause_note = $3, paused_by = $4, paused_until = now() + make_interval(mins => $5)`,
  resume: `paused_at = NULL, pause_note = NULL, paused_by = NULL, paused_until = NULL, command = 'none', failures_in_row = 0`,
};

/**
 * Asks something of an agent; it hears of it within a second. `pause` and `drain` keep new runs from it from this moment on; `stop` makes
 * it end its host-bound runs and itself; `resume` takes all of that back as long as it has not happened. Admins only.
 */
export async function commandAgent(s: Services, actor: Actor, input: CommandInput): Promise<Agent> {
  const { id, command, note = '', minutes = null } = input;
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  await withTransaction(s.pool, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `UPDATE agents SET ${CHANGES[command]} WHERE id = $1 AND entity_id = $2 RETURNING name`,
      [id, entity.id, ...(command === 'pause' ? [note, personOf(actor), minutes] : [])],
    );
    const [agent] = rows;
    if (!agent) throw noAgent(id);
    await audit(client, actor, {
      entityId: entity.id,
      action: `agent.${command}`,
      target: agent.name,
      data: { agentId: id, ...(note === '' ? {} : { note }), ...(minutes === null ? {} : { minutes }) },
    });
  });
  s.bus.publish({ type: 'agent', entity: entity.name, agentId: id }, { type: 'nudge', agentId: id });
  return getAgent(s, actor, { entity: input.entity, id });
}

const personOf = (actor: Actor): string | null => (actor.kind === 'user' ? actor.name : null);
