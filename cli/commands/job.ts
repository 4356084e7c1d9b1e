import type { Command } from 'commander';
import { compareDocuments } from '@/core/run-facts';
import type { Job, JobVersion, Json, Page } from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import { formatAgo, printDifferences, printFields, printLine, printTable, styleState } from '../lib/output';
import { everyPage } from '../lib/pages';
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
          ['NAME', 'LATEST', 'AUTHOR', 'UPDATED', 'LAST RUN', 'RUNS 30D', 'SOURCE'],
          items.map((j) => [
            j.name,
            `v${String(j.latest.version)}`,
            j.latest.author,
            formatAgo(j.latest.createdAt),
            j.lastRun ? `${styleState(j.lastRun.state)} ${formatAgo(j.lastRun.createdAt)}` : '-',
            String(j.recentRuns),
            sourceOf(j.latest),
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

  job
    .command('diff <job> <version> <other>')
    .description('how two versions of a job differ')
    .action(async (name: string, one: string, other: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const path = await client.path(options.entity, 'jobs', name, 'versions');
      const all = await everyPage((cursor) => client.get<Page<JobVersion>>(path, { limit: 200, cursor }));
      const find = (wanted: string): Json => {
        const found = all.find(
          (v) =>
            `v${String(v.version)}` === wanted || String(v.version) === wanted || v.aliases.includes(wanted),
        );
        if (!found)
          throw new UsageError(
            `There is no version "${wanted}" of ${name}. "slipway job versions ${name}" shows them.`,
          );
        const { source, entrypoint, inputSchema, aliases } = found;
        return { source, entrypoint, inputs: inputSchema, aliases };
      };
      const changed = compareDocuments(find(one), find(other)).filter((each) => each.left !== each.right);
      answer(json, { changes: changed }, () => {
        printDifferences([one, other], changed, 'They are alike.');
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
