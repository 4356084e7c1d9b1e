import { Option, type Command } from 'commander';
import {
  PRIORITIES,
  type BulkAnswer,
  type Page,
  type RunHistogram,
  type RunSummary,
  type RunView,
} from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { EXIT, UsageError } from '../lib/errors';
import { formatAgo, formatDuration, printLine, printTable, say, style, styleState } from '../lib/output';
import { collect, wholeNumber } from '../lib/parse';
import { addFilterOptions, filterOf, findView } from '../lib/run-filter';

/** How long a run has run, or ran. */
export function lasted(run: RunSummary): string {
  if (!run.startedAt) return '-';
  return formatDuration((run.endedAt ? Date.parse(run.endedAt) : Date.now()) - Date.parse(run.startedAt));
}

const ACTIONS = ['stop', 'requeue', 'priority'] as const;
/** Runs that one call changes at most. */
const MAX_BULK = 1000;

/** Commands about many runs. */
export function addRunLists(run: Command): void {
  addFilterOptions(run.command('list'))
    .description('runs of an entity, newest first')
    .addOption(
      new Option('--order <order>', 'queue: waiting runs as they will start').choices(['newest', 'queue']),
    )
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
    .option('--cursor <cursor>', 'go on after a page')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ order?: string; limit: number; cursor?: string }>(
        command,
      );
      const { order, limit, cursor } = options;
      const filter = await filterOf(client, options);
      const page = await client.get<Page<RunSummary>>(await client.path(options.entity, 'runs'), {
        ...filter,
        order,
        limit,
        cursor,
      });
      answer(json, page, ({ items, nextCursor }) => {
        printTable(
          ['ID', 'NAME', 'STATE', 'QUEUE', 'AUTHOR', 'CREATED', 'LASTED', 'WHY'],
          items.map((r) => [
            r.id,
            r.name,
            styleState(r.state),
            r.queue,
            r.author,
            formatAgo(r.createdAt),
            lasted(r),
            r.waiting?.message ?? r.failure?.message.split('\n')[0] ?? '',
          ]),
        );
        if (nextCursor) printLine(style('dim', `more: --cursor ${nextCursor}`));
      });
    });

  addFilterOptions(run.command('histogram'))
    .description('how many runs were launched when, and what became of them')
    .option('--bins <n>', 'in so many steps of time', wholeNumber, 24)
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ bins: number }>(command);
      const found = await client.get<RunHistogram>(await client.path(options.entity, 'runs', 'histogram'), {
        ...(await filterOf(client, options)),
        bins: options.bins,
      });
      answer(json, found, ({ bins }) => {
        printTable(
          ['FROM', 'ACTIVE', 'FINISHED', 'FAILED', 'STOPPED'],
          bins.map((bin) => [bin.at, ...[bin.active, bin.finished, bin.failed, bin.stopped].map(String)]),
        );
      });
    });

  addFilterOptions(run.command('bulk <action>'))
    .description(`change many runs: ${ACTIONS.join(', ')}; each has its own result`)
    .option('--id <run>', 'instead of a filter; may be repeated', collect)
    .addOption(new Option('--priority <priority>', 'for "bulk priority"').choices(PRIORITIES))
    .option('--dry-run', 'only say how many runs it would be')
    .action(async (action: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ id?: string[]; priority?: string; dryRun?: boolean }>(
        command,
      );
      if (!ACTIONS.some((each) => each === action))
        throw new UsageError(`There is no action "${action}"; there are ${ACTIONS.join(', ')}.`);
      const filter = await filterOf(client, options);
      if (options.id === undefined && Object.keys(filter).length === 0)
        throw new UsageError('Say which runs: by --id, or by a filter such as --queue and --state.');
      const done = await client.post<BulkAnswer>(await client.path(options.entity, 'runs', 'bulk'), {
        action,
        ...(options.priority === undefined ? {} : { priority: options.priority }),
        ...(options.id === undefined ? { filter } : { ids: options.id }),
        ...(options.dryRun === true ? { dryRun: true } : {}),
      });
      answer(json, done, ({ matched, results }) => {
        if (options.dryRun === true) {
          printLine(`${String(matched)} runs`);
          return;
        }
        const refused = results.filter(({ ok }) => !ok);
        printLine(`${String(results.length - refused.length)} of ${String(matched)} runs changed.`);
        for (const { id, message } of refused) say(`${id}  ${message ?? 'refused'}`);
        if (matched > MAX_BULK) say(`One call changes ${String(MAX_BULK)}; call again for the rest.`);
      });
      if (done.results.some(({ ok }) => !ok)) process.exitCode = EXIT.refused;
    });

  addViews(run);
}

function addViews(run: Command): void {
  const view = run.command('view').description('saved views: filters with a name, for the whole entity');

  view
    .command('list')
    .description('saved views of an entity')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const page = await client.get<Page<RunView>>(await client.path(options.entity, 'run-views'));
      answer(json, page, ({ items }) => {
        printTable(
          ['NAME', 'AUTHOR', 'UPDATED', 'FILTER'],
          items.map((v) => [
            v.name,
            v.author,
            formatAgo(v.updatedAt),
            Object.entries(v.filter)
              .map(([name, value]) => `${name}=${value}`)
              .join(' '),
          ]),
        );
      });
    });

  addFilterOptions(view.command('save <name>'))
    .description('keep the filter of the options under a name; one that is there is replaced')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const filter = await filterOf(client, options);
      const saved = await client.call<RunView>('PUT', await client.path(options.entity, 'run-views'), {
        body: { name, filter },
      });
      answer(json, saved, () => {
        printLine(`${name} is saved.`);
      });
    });

  view
    .command('delete <name>')
    .description('delete a saved view')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const found = await findView(client, options.entity, name);
      await client.call('DELETE', await client.path(options.entity, 'run-views', found.id));
      answer(json, { deleted: name }, () => {
        printLine(`${name} is deleted.`);
      });
    });
}
