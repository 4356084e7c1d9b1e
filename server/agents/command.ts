import type { Agent } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { audit } from '../audit';
import { withTransaction } from '../db';
import { actorName } from '../runs/door';
import type { Services } from '../services';
import { getAgent, noAgent } from './list';

export interface CommandInput {
  entity: string;
  id: string;
  command: 'stop' | 'drain' | 'pause' | 'resume';
  /** Of a pause: shown with it. */
  note?: string | undefined;
}

const CHANGES: Record<CommandInput['command'], string> = {
  stop: "command = 'stop'",
  drain: "command = 'drain'",
  pause: 'paused_at = coalesce(paused_at, now())',
  resume: "paused_at = NULL, command = 'none'",
};

/**
 * Asks something of an agent; it hears of it within a second. `pause` and `drain` keep new runs from it from this moment on; `stop` makes
 * it end its host-bound runs and itself; `resume` takes all of that back as long as it has not happened. Admins only.
 */
export async function commandAgent(s: Services, actor: Actor, input: CommandInput): Promise<Agent> {
  const { id, command, note = '' } = input;
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  await withTransaction(s.pool, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `UPDATE agents SET ${CHANGES[command]}, pause_note = CASE WHEN $3 = 'pause' THEN $4 WHEN $3 = 'resume' THEN NULL ELSE pause_note END
       WHERE id = $1 AND entity_id = $2 RETURNING name`,
      [id, entity.id, command, note],
    );
    const [agent] = rows;
    if (!agent) throw noAgent(id);
    await audit(client, actor, {
      entityId: entity.id,
      action: `agent.${command}`,
      target: agent.name,
      data: { agentId: id, by: actorName(actor), ...(note === '' ? {} : { note }) },
    });
  });
  s.bus.publish({ type: 'agent', entity: entity.name, agentId: id }, { type: 'nudge', agentId: id });
  return getAgent(s, actor, { entity: input.entity, id });
}
