import { Option, type Command } from 'commander';
import {
  roleSchema,
  type ApiKey,
  type AuditEvent,
  type Member,
  type Page,
  type User,
  type Viewer,
} from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import { formatAgo, printFields, printLine, printTable, say, style } from '../lib/output';
import { everyPage } from '../lib/pages';
import { pointInTime, wholeNumber } from '../lib/parse';

/** Commands about who may do what, and who did what. */
export function addPeople(program: Command): void {
  program
    .command('whoami')
    .description('whom the key belongs to, and where they may do what')
    .action(async (_options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      answer(json, await client.get<Viewer>('/api/v1/viewer'), ({ user, entities }) => {
        printFields([
          ['name', user.name],
          ['e-mail', user.email],
          ['admin', user.isAdmin ? 'of the installation' : null],
        ]);
        printLine();
        printTable(
          ['ENTITY', 'KIND', 'ROLE'],
          entities.map((e) => [e.name, e.kind, e.role]),
        );
      });
    });
  addMembers(program);
  addKeys(program);
  addAudit(program);

  program
    .command('user')
    .description('users of the installation')
    .command('list')
    .description('all users; for admins of the installation')
    .action(async (_options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      const items = await everyPage((cursor) =>
        client.get<Page<User>>('/api/v1/users', { limit: 200, cursor }),
      );
      answer(json, { items }, () => {
        printTable(
          ['E-MAIL', 'NAME', 'ADMIN', 'SINCE', 'STATE'],
          items.map((u) => [
            u.email,
            u.name,
            u.isAdmin ? 'yes' : 'no',
            formatAgo(u.createdAt),
            u.disabled ? style('red', 'disabled') : 'active',
          ]),
        );
      });
    });
}

function addMembers(program: Command): void {
  const member = program.command('member').description('members of an entity and their roles');

  member
    .command('list')
    .description('members of an entity')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const page = await client.get<Page<Member>>(await client.path(options.entity, 'members'));
      answer(json, page, ({ items }) => {
        printTable(
          ['E-MAIL', 'NAME', 'ROLE', 'SINCE'],
          items.map((m) => [m.email, m.name, m.role, formatAgo(m.createdAt)]),
        );
      });
    });

  member
    .command('set <email>')
    .description('take a user into the entity, or change their role')
    .addOption(new Option('--role <role>').choices(roleSchema.options).makeOptionMandatory())
    .action(async (email: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ role: string }>(command);
      const put = await client.call<Member>('PUT', await client.path(options.entity, 'members'), {
        body: { email, role: options.role },
      });
      answer(json, put, () => {
        printLine(`${put.email} is ${put.role}.`);
      });
    });

  member
    .command('remove <email>')
    .description('take a user out of the entity')
    .action(async (email: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const { items } = await client.get<Page<Member>>(await client.path(options.entity, 'members'));
      const found = items.find((each) => each.email === email.toLowerCase());
      if (!found) throw new UsageError(`There is no member ${email}. "slipway member list" shows them.`);
      await client.call('DELETE', await client.path(options.entity, 'members', found.userId));
      answer(json, { removed: found.email }, () => {
        printLine(`${found.email} is no member any more.`);
      });
    });
}

function addKeys(program: Command): void {
  const key = program.command('key').description('your API keys: what programs act as you with');
  type NewKey = ApiKey & { key: string };
  const shown = (made: NewKey, words: string): void => {
    printLine(made.key);
    say(words);
  };

  key
    .command('list')
    .description('your API keys')
    .action(async (_options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      answer(json, await client.get<Page<ApiKey>>('/api/v1/api-keys'), ({ items }) => {
        printTable(
          ['ID', 'NAME', 'PREFIX', 'EXPIRES', 'LAST USED', 'FROM'],
          items.map((k) => [
            k.id,
            k.replaced ? `${k.name} (replaced)` : k.name,
            k.prefix,
            k.expiresAt ?? 'never',
            formatAgo(k.lastUsedAt),
            k.lastUsedHost ?? '-',
          ]),
        );
      });
    });

  key
    .command('create <name>')
    .description('make an API key; it is shown once')
    .option('--expires-in-days <days>', 'days until it ends; never otherwise', wholeNumber)
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ expiresInDays?: number }>(command);
      const made = await client.post<NewKey>('/api/v1/api-keys', {
        name,
        expiresInDays: options.expiresInDays ?? null,
      });
      answer(json, made, () => {
        shown(made, 'It is not shown again. "slipway login" keeps it for this host.');
      });
    });

  key
    .command('rotate <id>')
    .description('replace a key by a new one, shown once; the old one goes on for 24 hours')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      const made = await client.post<NewKey>(`/api/v1/api-keys/${encodeURIComponent(id)}/rotate`);
      answer(json, made, () => {
        shown(made, `It is not shown again. Put it in the place of "${made.name}" within 24 hours.`);
      });
    });

  key
    .command('revoke <id>')
    .description('end a key at once')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      await client.call('DELETE', `/api/v1/api-keys/${encodeURIComponent(id)}`);
      answer(json, { revoked: id }, () => {
        printLine(`${id} is revoked.`);
      });
    });
}

function addAudit(program: Command): void {
  const filters = (command: Command): Command =>
    command
      .option('--action <action>', 'such as queue.update')
      .option('--actor <text>', 'part of the name')
      .option('--target <text>', 'part of the name')
      .option('--from <time>', 'a time, or so long ago (90m, 24h, 7d)', pointInTime)
      .option('--to <time>', 'now otherwise', pointInTime);
  interface Asked {
    action?: string;
    actor?: string;
    target?: string;
    from?: string;
    to?: string;
  }
  const asked = ({ action, actor, target, from, to }: Asked) => ({ action, actor, target, from, to });
  const audit = program.command('audit').description('who changed what; for admins of the entity');

  filters(audit.command('list'))
    .description('newest first')
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
    .option('--cursor <cursor>', 'go on after a page')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<Asked & { limit: number; cursor?: string }>(command);
      const { limit, cursor } = options;
      const page = await client.get<Page<AuditEvent>>(await client.path(options.entity, 'audit'), {
        ...asked(options),
        limit,
        cursor,
      });
      answer(json, page, ({ items, nextCursor }) => {
        printTable(
          ['AT', 'WHO', 'WHAT', 'ON', 'DATA'],
          items.map((e) => [e.at, e.actor, e.action, e.target, JSON.stringify(e.data)]),
        );
        if (nextCursor) printLine(style('dim', `more: --cursor ${nextCursor}`));
      });
    });

  filters(audit.command('export'))
    .description('all of it to standard output: CSV, or with --json one JSON object a line')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<Asked>(command);
      const response = await client.send('GET', await client.path(options.entity, 'audit', 'export'), {
        query: { ...asked(options), format: json ? 'ndjson' : 'csv' },
        headers: { accept: '*/*' },
      });
      if (!response.body) return;
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>)
        process.stdout.write(part);
    });
}
