import type { Command } from 'commander';
import type { Job, JobVersion, Page } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { ApiError } from '../lib/errors';
import { formatAgo, printFields, printLine, printTable } from '../lib/output';
import { collect, readJsonObject } from '../lib/parse';

const sourceOf = ({ source }: JobVersion): string => {
  if (source.type === 'image') return source.image;
  return source.type === 'git'
    ? `${source.repository}@${source.commit ?? source.ref ?? 'HEAD'}`
    : `sha256:${source.artifact.slice(0, 12)}`;
};

export function addJob(program: Command): void {
  const job = program.command('job').description('jobs: versioned recipes of code to run');

  job
    .command('create <name>')
    .description('make a job, or a new version of one')
    .requiredOption('--image <image>', 'container image')
    .option('--entry-point <command>', 'command instead of the image’s own')
    .option('--description <text>', 'of a new job', '')
    .option('--input-schema <json>', 'JSON Schema of the run config: a file or JSON')
    .option('-a, --alias <alias>', 'alias of this version; may be repeated', collect)
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{
        image: string;
        entryPoint?: string;
        description: string;
        inputSchema?: string;
        alias?: string[];
      }>(command);
      const version = {
        source: { type: 'image', image: options.image },
        ...(options.entryPoint ? { entrypoint: options.entryPoint } : {}),
        ...(options.inputSchema ? { inputSchema: readJsonObject(options.inputSchema) } : {}),
        aliases: options.alias ?? [],
      };
      let made: Job | JobVersion;
      try {
        made = await client.post<Job>(await client.path(options.entity, 'jobs'), {
          name,
          description: options.description,
          ...version,
        });
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 409)) throw error;
        made = await client.post<JobVersion>(
          await client.path(options.entity, 'jobs', name, 'versions'),
          version,
        );
      }
      const number = 'latest' in made ? made.latest.version : made.version;
      answer(json, made, () => {
        printLine(`${name}:v${String(number)}`);
      });
    });

  job
    .command('list')
    .description('jobs of an entity')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const page = await client.get<Page<Job>>(await client.path(options.entity, 'jobs'), { limit: 200 });
      answer(json, page, ({ items }) => {
        printTable(
          ['NAME', 'LATEST', 'SOURCE', 'AUTHOR', 'UPDATED'],
          items.map((j) => [
            j.name,
            `v${String(j.latest.version)}`,
            sourceOf(j.latest),
            j.latest.author,
            formatAgo(j.latest.createdAt),
          ]),
        );
      });
    });

  job
    .command('show <job>')
    .description('a job with its versions')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const [found, versions] = await Promise.all([
        client.get<Job>(await client.path(options.entity, 'jobs', name)),
        client.get<Page<JobVersion>>(await client.path(options.entity, 'jobs', name, 'versions'), {
          limit: 200,
        }),
      ]);
      answer(json, { ...found, history: versions.items }, () => {
        printFields([
          ['name', `${found.entity}/${found.name}`],
          ['description', found.description],
          ['made', found.createdAt],
        ]);
        printLine();
        printTable(
          ['VERSION', 'SOURCE', 'ENTRY POINT', 'ALIASES', 'AUTHOR', 'CREATED'],
          versions.items.map((v) => [
            `v${String(v.version)}`,
            sourceOf(v),
            v.entrypoint.join(' ') || '-',
            v.aliases.join(', ') || '-',
            v.author,
            formatAgo(v.createdAt),
          ]),
        );
      });
    });
}
