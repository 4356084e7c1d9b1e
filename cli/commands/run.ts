import type { Command } from 'commander';
import type { Page, Run, RunFilter, RunSummary, RunView } from '@/core/wire';
import type { Client } from '../lib/client';
import { answer, contextOf } from '../lib/context';
import { EXIT, UsageError } from '../lib/errors';
import { copyLog, followRun } from '../lib/follow';
import {
  formatAgo,
  formatDuration,
  printFields,
  printJson,
  printLine,
  printTable,
  style,
  styleState,
} from '../lib/output';
import { wholeNumber } from '../lib/parse';

const pathOf = (id: string, ...parts: string[]): string =>
  ['/api/v1/runs', encodeURIComponent(id), ...parts].join('/');

function lasted(run: RunSummary): string {
  if (!run.startedAt) return '-';
  return formatDuration((run.endedAt ? Date.parse(run.endedAt) : Date.now()) - Date.parse(run.startedAt));
}

function printRun(run: Run): void {
  printFields([
    ['id', run.id],
    ['name', run.name],
    ['state', `${styleState(run.state)}${run.stopping ? ' (stopping)' : ''}`],
    ['waits', run.waiting?.message],
    ['queue', `${run.entity}/${run.queue} v${String(run.queueVersion)}`],
    ['project', run.project],
    ['priority', run.priority],
    ['job', run.job ? `${run.job.name}:v${String(run.job.version)}` : null],
    ['image', run.image],
    ['author', run.author],
    ['agent', run.agent?.name],
    ['external', run.externalRef],
    ['attempt', String(run.attempt)],
    ['created', run.createdAt],
    ['started', run.startedAt],
    ['ended', run.endedAt],
    ['lasted', run.startedAt ? lasted(run) : null],
    ['labels', run.labels.join(', ')],
  ]);
  if (run.failure) {
    const { phase, category, message, exitCode } = run.failure;
    printLine();
    printLine(
      `${style('red', `${phase}: ${category}`)}${exitCode === null ? '' : ` (exit code ${String(exitCode)})`}  ${message}`,
    );
  }
  for (const warning of run.warnings)
    printLine(
      `${style('yellow', warning.reason)}  ${warning.message}${warning.count > 1 ? ` (${String(warning.count)} times)` : ''}`,
    );
}

/** What a saved view keeps of the runs. */
async function viewFilter(client: Client, entity: string | undefined, name: string): Promise<RunFilter> {
  const { items } = await client.get<Page<RunView>>(await client.path(entity, 'run-views'));
  const view = items.find((each) => each.name === name);
  if (view) return view.filter;
  const names = items.map((each) => each.name).join(', ');
  throw new UsageError(
    `There is no view ${JSON.stringify(name)}. ${names === '' ? 'None is saved yet.' : `There are: ${names}`}`,
  );
}

export function addRun(program: Command): void {
  const run = program.command('run').description('runs: one launch each');

  run
    .command('list')
    .description('runs of an entity, newest first')
    .option('-q, --queue <queue>')
    .option('--state <states>', 'one or several, separated by commas; "active" means not ended')
    .option('-p, --project <project>')
    .option('--author <author>')
    .option('--label <label>')
    .option('--job <job>', 'name, or name:v3 for one version')
    .option('--category <category>', 'failed runs of this category')
    .option('--search <text>', 'in id or name')
    .option('--view <name>', 'what a saved view keeps; other options narrow it further')
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
    .option('--cursor <cursor>', 'go on after a page')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{
        queue?: string;
        state?: string;
        project?: string;
        author?: string;
        label?: string;
        job?: string;
        category?: string;
        search?: string;
        view?: string;
        limit: number;
        cursor?: string;
      }>(command);
      const { queue, state, project, author, label, job, category, search, limit, cursor } = options;
      const kept = options.view === undefined ? {} : await viewFilter(client, options.entity, options.view);
      const asked = { queue, state, project, author, label, job, category, q: search };
      const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      const page = await client.get<Page<RunSummary>>(await client.path(options.entity, 'runs'), {
        ...kept,
        ...given,
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

  run
    .command('show <id>')
    .description('a run')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      answer(json, await client.get<Run>(pathOf(id)), printRun);
    });

  run
    .command('logs <id>')
    .description('the log of a run')
    .option('-f, --follow', 'go on until the run ends; exit with its result')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ follow?: boolean }>(command);
      if (options.follow) {
        const ended = await followRun(client, id);
        process.exitCode = ended.state === 'finished' ? EXIT.ok : EXIT.failed;
        return;
      }
      const chunks: Uint8Array[] = [];
      const { offset, complete } = await copyLog(client, id, 0, (data) => {
        if (json) chunks.push(data);
        else process.stdout.write(data);
      });
      if (json) printJson({ id, offset, complete, text: Buffer.concat(chunks).toString('utf8') });
    });

  run
    .command('stop <id>')
    .description('ask a run to stop: SIGTERM, then SIGKILL')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      const stopped = await client.post<Run>(pathOf(id, 'stop'));
      answer(json, stopped, () => {
        printLine(stopped.state === 'stopped' ? `${id} is stopped.` : `${id} is stopping.`);
      });
    });

  run
    .command('requeue <id>')
    .description('put an ended run back into its queue')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      const requeued = await client.post<Run>(pathOf(id, 'requeue'));
      answer(json, requeued, () => {
        printLine(`${id} waits again${requeued.waiting ? `: ${requeued.waiting.message}` : '.'}`);
      });
    });
}
