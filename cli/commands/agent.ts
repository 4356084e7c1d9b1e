import type { Command } from 'commander';
import type { Agent } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import { formatAgo, printLine, printTable, style } from '../lib/output';
import { wholeNumber } from '../lib/parse';
import type { Client } from '../lib/client';

const STATUS_STYLE = {
  online: 'green',
  draining: 'yellow',
  paused: 'yellow',
  lost: 'red',
  stopped: 'dim',
} as const;

/** An agent by id, or by name where only one has it. */
async function findAgent(client: Client, entity: string | undefined, wanted: string): Promise<Agent> {
  const { items } = await client.get<{ items: Agent[] }>(await client.path(entity, 'agents'));
  const found = items.filter(({ id, name }) => id === wanted || name === wanted);
  const [agent] = found;
  if (!agent) throw new UsageError(`There is no agent "${wanted}". "slipway agent list" shows them.`);
  if (found.length > 1)
    throw new UsageError(
      `${String(found.length)} agents are called "${wanted}"; name one by its id: ${found.map(({ id }) => id).join(', ')}`,
    );
  return agent;
}

const COMMANDS = {
  stop: ['end an agent; it stops the runs on its own host first', 'is told to stop'],
  drain: ['take no more work, end when the runs in hand have ended', 'drains'],
  pause: ['take no more work for now', 'is paused'],
  resume: ['take work again', 'is resumed'],
} as const;

export function addAgent(program: Command): void {
  const agent = program.command('agent').description('agents: processes that run what waits');

  agent
    .command('list')
    .description('agents of an entity')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const answered = await client.get<{ items: Agent[] }>(await client.path(options.entity, 'agents'));
      answer(json, answered, ({ items }) => {
        printTable(
          ['ID', 'NAME', 'STATUS', 'HOST', 'QUEUES', 'SLOTS', 'HEARTBEAT', 'VERSION'],
          items.map((a) => [
            a.id,
            a.name,
            a.health.sick ? style('red', `${a.status}, sick`) : style(STATUS_STYLE[a.status], a.status),
            a.hostname,
            a.queues.map((q) => (q.exists ? q.name : `${q.name} (missing)`)).join(', '),
            `${String(a.running.length)}/${a.maxJobs === -1 ? 'any' : String(a.maxJobs)}`,
            formatAgo(a.lastHeartbeatAt),
            a.version,
          ]),
        );
      });
    });

  for (const [verb, [description, done]] of Object.entries(COMMANDS)) {
    const command = agent.command(`${verb} <agent>`).description(`${description}; by id or name`);
    if (verb === 'pause')
      command
        .option('--note <text>', 'why', '')
        .option('--minutes <minutes>', 'go on by itself after so long', wholeNumber);
    command.action(async (wanted: string, _options: unknown, self: Command) => {
      const { client, options, json } = contextOf<{ note?: string; minutes?: number }>(self);
      const found = await findAgent(client, options.entity, wanted);
      const changed = await client.post<Agent>(
        await client.path(options.entity, 'agents', found.id, verb),
        verb === 'pause' ? { note: options.note ?? '', minutes: options.minutes ?? null } : {},
      );
      answer(json, changed, () => {
        printLine(`${found.name} ${done}.`);
      });
    });
  }
}
