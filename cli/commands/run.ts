import { Option, type Command } from 'commander';
import { PRIORITIES, type Run } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { EXIT, UsageError } from '../lib/errors';
import { copyLog, followRun } from '../lib/follow';
import { printFields, printJson, printLine, style, styleState } from '../lib/output';
import { addRunDetails, pathOf } from './run-detail';
import { addRunLists, lasted } from './run-list';

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

export function addRun(program: Command): void {
  const run = program.command('run').description('runs: one launch each');

  addRunLists(run);
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
    .option('--force', 'end a run whose agent is gone; what it started may be left behind')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ force?: boolean }>(command);
      const stopped = await client.post<Run>(
        pathOf(id, 'stop'),
        options.force === true ? { force: true } : {},
      );
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

  run
    .command('update <id>')
    .description('change name or priority of a waiting run')
    .option('--name <name>')
    .addOption(new Option('--priority <priority>', 'only where the queue has priorities').choices(PRIORITIES))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ name?: string; priority?: string }>(command);
      const { name, priority } = options;
      if (name === undefined && priority === undefined) throw new UsageError('Nothing to change was given.');
      const changed = await client.call<Run>('PATCH', pathOf(id), { body: { name, priority } });
      answer(json, changed, () => {
        printLine(`${id} is changed.`);
      });
    });

  addRunDetails(run);
}
