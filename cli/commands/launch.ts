import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { PRIORITIES, type LaunchInput, type Preview, type Run } from '@/core/wire';
import type { Client } from '../lib/client';
import { answer, contextOf, type GlobalOptions } from '../lib/context';
import { EXIT, UsageError } from '../lib/errors';
import { followRun } from '../lib/follow';
import { printJson, printLine, say, style } from '../lib/output';
import { collect, collectEnv, collectPairs, readJsonObject } from '../lib/parse';
import { addBuildOptions, codeSource, gitSource, type BuildOptions } from '../lib/source';

interface LaunchOptions extends BuildOptions {
  image?: string;
  job?: string;
  uri?: string;
  path?: string;
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

/** What to run: an image, a job, a git repository, or a directory, which is uploaded. */
async function whatOf(client: Client, options: LaunchOptions & GlobalOptions): Promise<LaunchInput> {
  const given = (['image', 'job', 'uri', 'path'] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1)
    throw new UsageError(
      `Give only one of --image, --job, --uri and --path, not ${given.map((name) => `--${name}`).join(' and ')}.`,
    );
  const built = options.uri !== undefined || options.path !== undefined;
  if (!built && (options.dockerfile || options.pythonVersion))
    throw new UsageError('--dockerfile and --python-version are for --uri and --path; a job has its own.');
  if (options.image !== undefined) return { image: options.image };
  if (options.job !== undefined) return { job: options.job };
  if (options.uri !== undefined) return { source: gitSource(options.uri, options) };
  if (options.path === undefined) return {};
  return { source: await codeSource(client, options.entity, options.path, options) };
}

async function bodyOf(client: Client, options: LaunchOptions & GlobalOptions): Promise<LaunchInput> {
  const config = options.config ? readJsonObject(options.config) : undefined;
  const resourceArgs = options.resourceArgs ? readJsonObject(options.resourceArgs) : undefined;
  return {
    ...(await whatOf(client, options)),
    ...(options.name ? { name: options.name } : {}),
    ...(options.project ? { project: options.project } : {}),
    ...(options.priority ? { priority: options.priority } : {}),
    ...(options.setVar ? { templateValues: options.setVar } : {}),
    ...(options.arg ? { args: options.arg } : {}),
    ...(options.env ? { env: options.env } : {}),
    ...(config ? { config } : {}),
    ...(options.entryPoint ? { entrypoint: options.entryPoint } : {}),
    ...(resourceArgs ? { resourceArgs } : {}),
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
  addBuildOptions(program.command('launch'))
    .description('put a run on a queue')
    .requiredOption('-q, --queue <queue>', 'queue to launch on')
    .option('--image <image>', 'container image to run')
    .option('--job <job>', 'job to run: NAME, NAME:v3 or NAME:ALIAS')
    .option('--uri <repository>', 'git repository to run: URL[@REF][#DIRECTORY]')
    .option('--path <directory>', 'directory with the code to run; packed and uploaded')
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
      const body = await bodyOf(client, options);
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
