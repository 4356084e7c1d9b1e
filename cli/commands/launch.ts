import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { PRIORITIES, type LaunchInput, type Preview, type Run } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { EXIT, UsageError } from '../lib/errors';
import { followRun } from '../lib/follow';
import { printJson, printLine, say, style } from '../lib/output';
import { collect, collectEnv, collectPairs, readJsonObject } from '../lib/parse';

interface LaunchOptions {
  image?: string;
  job?: string;
  queue: string;
  project?: string;
  name?: string;
  priority?: (typeof PRIORITIES)[number];
  setVar?: Record<string, string>;
  arg?: string[];
  env?: Record<string, string>;
  config?: string;
  entryPoint?: string;
  resourceArgs?: string;
  label?: string[];
  notBefore?: string;
  idempotencyKey?: string;
  follow?: boolean;
  dryRun?: boolean;
}

function bodyOf(options: LaunchOptions): LaunchInput {
  if (options.image && options.job) throw new UsageError('Give either --image or --job, not both.');
  return {
    ...(options.image ? { image: options.image } : {}),
    ...(options.job ? { job: options.job } : {}),
    ...(options.name ? { name: options.name } : {}),
    ...(options.project ? { project: options.project } : {}),
    ...(options.priority ? { priority: options.priority } : {}),
    ...(options.setVar ? { templateValues: options.setVar } : {}),
    ...(options.arg ? { args: options.arg } : {}),
    ...(options.env ? { env: options.env } : {}),
    ...(options.config ? { config: readJsonObject(options.config) } : {}),
    ...(options.entryPoint ? { entrypoint: options.entryPoint } : {}),
    ...(options.resourceArgs ? { resourceArgs: readJsonObject(options.resourceArgs) } : {}),
    ...(options.label ? { labels: options.label } : {}),
    ...(options.notBefore ? { notBefore: new Date(options.notBefore).toISOString() } : {}),
  };
}

function printPreview(preview: Preview): void {
  if (preview.submission) printLine(preview.submission.text);
  for (const { severity, message, path } of preview.problems)
    say(`${style('yellow', severity, process.stderr)}  ${path ? `${path}: ` : ''}${message}`);
  for (const { path, message } of preview.errors)
    say(`${style('red', 'error', process.stderr)}  ${path}: ${message}`);
}

export function addLaunch(program: Command): void {
  program
    .command('launch')
    .description('put a run on a queue')
    .requiredOption('-q, --queue <queue>', 'queue to launch on')
    .option('--image <image>', 'container image to run')
    .option('--job <job>', 'job to run: NAME, NAME:v3 or NAME:ALIAS')
    .option('-p, --project <project>', 'project of the run')
    .option('--name <name>', 'name of the run; two words and a number otherwise')
    .addOption(new Option('--priority <priority>', 'only where the queue has priorities').choices(PRIORITIES))
    .option('--set-var <name=value>', 'value of a template variable; may be repeated', collectPairs)
    .option('--arg <arg>', 'argument of the program; may be repeated', collect)
    .option(
      '--env <name=value>',
      'environment variable; NAME alone takes this shell’s value; may be repeated',
      collectEnv,
    )
    .option('--config <file>', 'JSON handed to the program as SLIPWAY_CONFIG; "-" is standard input')
    .option('--entry-point <command>', 'command to run instead of the image’s or job’s own')
    .option(
      '--resource-args <json>',
      'changes of the queue’s configuration, where the queue allows them: a file or JSON',
    )
    .option('--label <label>', 'label of the run; may be repeated', collect)
    .option('--not-before <time>', 'do not start before this time (RFC 3339)')
    .option('--idempotency-key <key>', 'the same key makes one run, however often it is sent')
    .option('--follow', 'show the log until the run ends; exit with its result')
    .option('--dry-run', 'show exactly what would be submitted, launch nothing')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<LaunchOptions>(command);
      if (options.notBefore && Number.isNaN(Date.parse(options.notBefore)))
        throw new UsageError('--not-before must be a time such as 2030-01-31T18:00:00Z.');
      const body = bodyOf(options);
      const queue = await client.path(options.entity, 'queues', options.queue);
      if (options.dryRun) {
        const preview = await client.post<Preview>(`${queue}/preview`, body);
        answer(json, preview, printPreview);
        if (preview.errors.length > 0) process.exitCode = EXIT.refused;
        return;
      }
      const key = options.idempotencyKey ?? randomUUID();
      const run = await client.call<Run>('POST', `${queue}/runs`, {
        body,
        headers: { 'idempotency-key': key },
      });
      if (!options.follow) {
        answer(json, run, () => {
          printLine(`${run.id}  ${run.name}`);
          say(`${client.baseUrl}/runs/${run.id}${run.waiting ? `  ${run.waiting.message}` : ''}`);
        });
        return;
      }
      say(`${run.id}  ${client.baseUrl}/runs/${run.id}`);
      const ended = await followRun(client, run.id);
      if (json) printJson(ended);
      if (ended.failure)
        say(`${style('red', ended.failure.category, process.stderr)}  ${ended.failure.message}`);
      process.exitCode = ended.state === 'finished' ? EXIT.ok : EXIT.failed;
    });
}
