import { Option, type Command } from 'commander';
import type { Agent, AgentRun, AgentSettings, Page } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import { formatAgo, printFields, printLine, printTable, style } from '../lib/output';
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

function printAgent(agent: Agent, past: readonly AgentRun[]): void {
  const { health, pausedUntil, pausedBy } = agent;
  const until = pausedUntil === null ? '' : ` until ${pausedUntil}`;
  printFields([
    ['id', agent.id],
    ['name', agent.name],
    ['status', style(STATUS_STYLE[agent.status], agent.status)],
    ['paused', agent.status === 'paused' ? `by ${pausedBy ?? 'the server'}${until}` : null],
    ['note', agent.pauseNote],
    [
      'sick',
      health.sick
        ? style('red', `${String(health.failuresInRow)} failures in a row: ${health.lastFailure ?? ''}`)
        : null,
    ],
    ['host', agent.hostname],
    ['version', agent.version],
    ['queues', agent.queues.map((q) => (q.exists ? q.name : `${q.name} (missing)`)).join(', ')],
    [
      'slots',
      `${String(agent.running.length)} of ${agent.maxJobs === -1 ? 'any number' : String(agent.maxJobs)}`,
    ],
    ['heartbeat', formatAgo(agent.lastHeartbeatAt)],
    ['token', agent.tokenName],
    ['failures', `${String(health.recentFailed)} of its last ${String(health.recentEnded)} runs`],
  ]);
  const now = agent.running.map((r) => [r.id, r.name, r.state, r.queue, '-', '']);
  const before = past.map((r) => [
    r.id,
    r.name,
    r.state,
    r.queue,
    formatAgo(r.endedAt),
    r.failure?.message ?? '',
  ]);
  if (now.length + before.length === 0) return;
  printLine();
  printTable(['RUN', 'NAME', 'STATE', 'QUEUE', 'ENDED', 'FAILURE'], [...now, ...before]);
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

  agent
    .command('show <agent>')
    .description('an agent: what it runs, what it ran, how that went; by id or name')
    .action(async (wanted: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const found = await findAgent(client, options.entity, wanted);
      const path = await client.path(options.entity, 'agents', found.id, 'runs');
      const past = await client.get<Page<AgentRun>>(path, { limit: 20 });
      answer(json, { ...found, past: past.items }, () => {
        printAgent(found, past.items);
      });
    });

  agent
    .command('settings')
    .description('what the entity wants of its agents; changes what is given')
    .addOption(
      new Option(
        '--pause-sick <on|off>',
        'pause agents whose runs fail in a row before their program ran',
      ).choices(['on', 'off']),
    )
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ pauseSick?: 'on' | 'off' }>(command);
      const path = await client.path(options.entity, 'agent-settings');
      const settings =
        options.pauseSick === undefined
          ? await client.get<AgentSettings>(path)
          : await client.call<AgentSettings>('PUT', path, {
              body: { pauseSick: options.pauseSick === 'on' },
            });
      answer(json, settings, ({ pauseSick }) => {
        printFields([['pause sick agents', pauseSick ? 'on' : 'off']]);
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
