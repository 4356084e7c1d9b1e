import type { Command } from 'commander';
import type { AgentToken } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { formatAgo, printLine, printTable, say } from '../lib/output';
import { collect, wholeNumber } from '../lib/parse';

export function addToken(program: Command): void {
  const token = program.command('token').description('agent tokens: what agents sign in with');

  token
    .command('create <name>')
    .description('make an agent token; it is shown once')
    .option(
      '-q, --queue <queue>',
      'only for this queue; may be repeated; every queue of the entity otherwise',
      collect,
    )
    .option('--expires-in-days <days>', 'days until it ends; 0 is never', wholeNumber, 90)
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ queue?: string[]; expiresInDays: number }>(command);
      const made = await client.post<AgentToken & { token: string }>(
        await client.path(options.entity, 'agent-tokens'),
        {
          name,
          queues: options.queue ?? [],
          expiresInDays: options.expiresInDays === 0 ? null : options.expiresInDays,
        },
      );
      answer(json, made, () => {
        printLine(made.token);
        say('It is not shown again. Give it to an agent as SLIPWAY_AGENT_TOKEN.');
      });
    });

  token
    .command('list')
    .description('agent tokens of an entity')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const answered = await client.get<{ items: AgentToken[] }>(
        await client.path(options.entity, 'agent-tokens'),
      );
      answer(json, answered, ({ items }) => {
        printTable(
          ['ID', 'NAME', 'PREFIX', 'QUEUES', 'EXPIRES', 'LAST USED', 'AGENTS'],
          items.map((t) => [
            t.id,
            t.name,
            t.prefix,
            t.queues.join(', ') || 'all',
            t.expiresAt ?? 'never',
            formatAgo(t.lastUsedAt),
            t.agents.map((a) => a.name).join(', '),
          ]),
        );
      });
    });

  token
    .command('rotate <id>')
    .description('replace a token by a new one, shown once; the old one goes on for 24 hours')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const made = await client.post<AgentToken & { token: string }>(
        await client.path(options.entity, 'agent-tokens', id, 'rotate'),
        {},
      );
      answer(json, made, () => {
        printLine(made.token);
        say(`It is not shown again. Give it to the agents of "${made.name}" within 24 hours.`);
      });
    });

  token
    .command('revoke <id>')
    .description('end a token at once')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      await client.call('DELETE', await client.path(options.entity, 'agent-tokens', id));
      answer(json, { revoked: id }, () => {
        printLine(`${id} is revoked.`);
      });
    });
}
