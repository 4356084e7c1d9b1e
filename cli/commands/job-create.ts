import type { Command } from 'commander';
import type { CreateJobVersion, Job, JobSource, JobVersion } from '@/core/wire';
import type { Client } from '../lib/client';
import { answer, contextOf } from '../lib/context';
import { ApiError } from '../lib/errors';
import { printLine, say } from '../lib/output';
import { collect, readJsonObject } from '../lib/parse';
import { addBuildOptions, codeSource, gitSource, type BuildOptions } from '../lib/source';

interface VersionOptions extends BuildOptions {
  entryPoint?: string;
  description: string;
  inputSchema?: string;
  alias?: string[];
}

/** `job create image|git|code`: a new job, or the next version of one. */
export function addCreate(job: Command): void {
  const create = job.command('create').description('make a job, or a new version of one');

  versionOptions(create.command('image <name> <image>'))
    .description('of a container image')
    .action(async (name: string, image: string, _options: unknown, command: Command) => {
      await make(command, name, () => Promise.resolve({ type: 'image', image }));
    });

  addBuildOptions(versionOptions(create.command('git <name> <repository>')))
    .description('of a git repository: URL[@REF][#DIRECTORY]')
    .action(async (name: string, uri: string, options: BuildOptions, command: Command) => {
      const source = gitSource(uri, options);
      await make(command, name, () => Promise.resolve(source));
    });

  addBuildOptions(versionOptions(create.command('code <name> [directory]')))
    .description('of a directory, which is packed and uploaded; the current one otherwise')
    .action(async (name: string, directory: string | undefined, options: BuildOptions, command: Command) => {
      await make(command, name, (client, entity) => codeSource(client, entity, directory ?? '.', options));
    });
}

const versionOptions = (command: Command): Command =>
  command
    .option('--entry-point <command>', 'command that runs, for example "python train.py"')
    .option('--description <text>', 'of a new job', '')
    .option('--input-schema <json>', 'JSON Schema of the run config: a file or JSON')
    .option('-a, --alias <alias>', 'alias of this version; may be repeated', collect);

async function make(
  command: Command,
  name: string,
  sourceOf: (client: Client, entity: string | undefined) => Promise<JobSource>,
): Promise<void> {
  const { client, options, json } = contextOf<VersionOptions>(command);
  const inputSchema = options.inputSchema ? readJsonObject(options.inputSchema) : undefined;
  const version: CreateJobVersion = {
    source: await sourceOf(client, options.entity),
    ...(options.entryPoint ? { entrypoint: options.entryPoint } : {}),
    ...(inputSchema ? { inputSchema } : {}),
    aliases: options.alias ?? [],
  };
  const made = await createOrAdd(client, options.entity, {
    name,
    description: options.description,
    ...version,
  });
  const latest = 'latest' in made ? made.latest : made;
  answer(json, made, () => {
    printLine(`${name}:v${String(latest.version)}`);
    const { source } = latest;
    if (source.type !== 'git') return;
    say(
      source.commit
        ? `${source.ref ?? 'HEAD'} is commit ${source.commit}`
        : 'The server could not look the ref up; the agent does so when it builds.',
    );
  });
}

/** The job, or the version when there is a job of that name. */
async function createOrAdd(
  client: Client,
  entity: string | undefined,
  { name, description, ...version }: CreateJobVersion & { name: string; description: string },
): Promise<Job | JobVersion> {
  try {
    return await client.post<Job>(await client.path(entity, 'jobs'), { name, description, ...version });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    return client.post<JobVersion>(await client.path(entity, 'jobs', name, 'versions'), version);
  }
}
