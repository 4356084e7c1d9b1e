import type { Command } from 'commander';
import type { Job, JobVersion, Page } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { formatAgo, printFields, printLine, printTable } from '../lib/output';
import { addCreate } from './job-create';

const sourceOf = ({ source }: JobVersion): string => {
  if (source.type === 'image') return source.image;
  return source.type === 'git'
    ? `${source.repository}@${source.commit ?? source.ref ?? 'HEAD'}`
    : `sha256:${source.artifact.slice(0, 12)}`;
};

export function addJob(program: Command): void {
  const job = program.command('job').description('jobs: versioned recipes of code to run');

  addCreate(job);

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
        printVersions(versions.items);
      });
    });

  job
    .command('versions <job>')
    .description('versions of a job, newest first')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const page = await client.get<Page<JobVersion>>(
        await client.path(options.entity, 'jobs', name, 'versions'),
        { limit: 200 },
      );
      answer(json, page, ({ items }) => {
        printVersions(items);
      });
    });
}

const printVersions = (versions: JobVersion[]): void => {
  printTable(
    ['VERSION', 'SOURCE', 'ENTRY POINT', 'ALIASES', 'AUTHOR', 'CREATED'],
    versions.map((v) => [
      `v${String(v.version)}`,
      sourceOf(v),
      v.entrypoint.join(' ') || '-',
      v.aliases.join(', ') || '-',
      v.author,
      formatAgo(v.createdAt),
    ]),
  );
};
