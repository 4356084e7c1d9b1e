import { Option, type Command } from 'commander';
import { compareDocuments } from '@/core/run-facts';
import type {
  Json,
  Overview,
  Page,
  Queue,
  QueueMetrics,
  QueueOverrides,
  QueueTimeline,
  QueueVersion,
  SecretName,
} from '@/core/wire';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import {
  formatAgo,
  formatDuration,
  printDifferences,
  printFields,
  printLine,
  printTable,
  say,
  styleState,
} from '../lib/output';
import { everyPage } from '../lib/pages';
import { pointInTime, readText, wholeNumber } from '../lib/parse';

const seconds = (value: number | null): string => (value === null ? '-' : formatDuration(value * 1000));
const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/** Commands about what goes on in queues, and what they were before. */
export function addQueueDetails(queue: Command): void {
  queue
    .command('overview')
    .description('all queues of an entity in a few numbers')
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      answer(json, await client.get<Overview>(await client.path(options.entity, 'overview')), (o) => {
        printFields([
          ['queues', String(o.queues)],
          ['waiting', String(o.waiting)],
          ['in flight', String(o.inFlight)],
          ['oldest wait', o.oldestWait && `${formatAgo(o.oldestWait.since)} in ${o.oldestWait.queue}`],
          ['agents', `${String(o.agents.online)} online, ${String(o.agents.lost)} lost`],
          ['no agent', `${String(o.uncovered)} queues where runs wait`],
        ]);
      });
    });

  addRange(queue.command('metrics <queue>'))
    .description('figures over a time: waits, launches against starts, failures')
    .option('--step <seconds>', 'length of a step', wholeNumber)
    .addOption(new Option('--group <by>', 'also by author or job').choices(['author', 'job']))
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<Range & { step?: number; group?: string }>(command);
      const { from, to, step, group } = options;
      const path = await client.path(options.entity, 'queues', name, 'metrics');
      answer(json, await client.get<QueueMetrics>(path, { from, to, step, group }), printMetrics);
    });

  addRange(queue.command('timeline <queue>'))
    .description('which agent had which runs when')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<Range>(command);
      const { from, to } = options;
      const path = await client.path(options.entity, 'queues', name, 'timeline');
      answer(json, await client.get<QueueTimeline>(path, { from, to }), ({ runs, truncated }) => {
        printTable(
          ['AGENT', 'RUN', 'NAME', 'STATE', 'FROM', 'LASTED'],
          runs.map((r) => [
            r.agent,
            r.id,
            r.name,
            styleState(r.state),
            r.from,
            formatDuration((r.to === null ? Date.now() : Date.parse(r.to)) - Date.parse(r.from)),
          ]),
        );
        if (truncated) say('There are more; narrow the time with --from and --to.');
      });
    });

  addVersions(queue);
  addSecrets(queue);

  queue
    .command('overrides <queue>')
    .description('what launches have set, and how often')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const path = await client.path(options.entity, 'queues', name, 'overrides');
      answer(json, await client.get<QueueOverrides>(path), ({ templateValues, resourceArgs }) => {
        printTable(
          ['WHAT', 'VALUE', 'RUNS'],
          [...templateValues.map((v) => ({ ...v, path: v.name })), ...resourceArgs].map((v) => [
            v.path,
            JSON.stringify(v.value),
            String(v.runs),
          ]),
        );
      });
    });
}

interface Range {
  from?: string;
  to?: string;
}
const addRange = (command: Command): Command =>
  command
    .option('--from <time>', 'a time, or so long ago (90m, 24h, 7d)', pointInTime)
    .option('--to <time>', 'now otherwise', pointInTime);

function printMetrics(metrics: QueueMetrics): void {
  printFields([
    ['from', metrics.from],
    ['to', metrics.to],
    ['waiting now', String(metrics.waiting)],
    [
      'in flight now',
      `${String(metrics.inFlight)}${metrics.maxInFlight === null ? '' : ` of ${String(metrics.maxInFlight)}`}`,
    ],
    ['oldest wait', seconds(metrics.oldestWaitSeconds)],
  ]);
  printLine();
  const moved = metrics.points.filter((p) => p.enqueued + p.started + p.waiting + p.inFlight + p.failed > 0);
  printTable(
    ['FROM', 'LAUNCHED', 'STARTED', 'FINISHED', 'FAILED', 'WAITING', 'IN FLIGHT', 'WAIT P50', 'P95', 'P99'],
    moved.map((p) => [
      p.at,
      String(p.enqueued),
      String(p.started),
      String(p.finished),
      String(p.failed),
      rounded(p.waiting),
      rounded(p.inFlight),
      seconds(p.waitP50),
      seconds(p.waitP95),
      seconds(p.waitP99),
    ]),
  );
  if (metrics.failures.length > 0) {
    printLine();
    printTable(
      ['FAILURE', 'RUNS'],
      metrics.failures.map((f) => [f.name, String(f.failed)]),
    );
  }
  if (metrics.groups.length === 0) return;
  printLine();
  printTable(
    ['BY', 'LAUNCHED', 'STARTED', 'FINISHED', 'FAILED', 'BUSY'],
    metrics.groups.map((g) => [
      g.name,
      ...[g.enqueued, g.started, g.finished, g.failed].map(String),
      seconds(g.busySeconds),
    ]),
  );
}

function addVersions(queue: Command): void {
  queue
    .command('versions <queue>')
    .description('versions of the configuration, newest first')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const path = await client.path(options.entity, 'queues', name, 'versions');
      const items = await everyPage((cursor) => client.get<Page<QueueVersion>>(path, { limit: 200, cursor }));
      answer(json, { items }, () => {
        printTable(
          ['VERSION', 'AUTHOR', 'CREATED', 'RUNS', 'NOTE'],
          items.map((v) => [
            `v${String(v.version)}`,
            v.author,
            formatAgo(v.createdAt),
            String(v.runs),
            v.note,
          ]),
        );
      });
    });

  queue
    .command('diff <queue> <version> <other>')
    .description('how two versions of the configuration differ')
    .action(async (name: string, one: string, other: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const get = async (version: string) => {
        const path = await client.path(options.entity, 'queues', name, 'versions', versionNumber(version));
        const { config, templates } = await client.get<QueueVersion>(path);
        return { config: config.source.split('\n'), templates: templates as unknown as Json };
      };
      const [left, right] = await Promise.all([get(one), get(other)]);
      const changed = compareDocuments(left, right).filter((each) => each.left !== each.right);
      answer(json, { changes: changed }, () => {
        printDifferences([one, other], changed, 'They are alike.');
      });
    });

  queue
    .command('restore <queue> <version>')
    .description('make a new version with the configuration of an earlier one')
    .option('--note <text>', 'said of the new version')
    .action(async (name: string, version: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ note?: string }>(command);
      const path = await client.path(
        options.entity,
        'queues',
        name,
        'versions',
        versionNumber(version),
        'restore',
      );
      const restored = await client.post<Queue>(
        path,
        options.note === undefined ? {} : { note: options.note },
      );
      answer(json, restored, () => {
        printLine(`${name} is at version ${String(restored.version)}.`);
      });
    });
}

/** `3` or `v3`. */
function versionNumber(text: string): string {
  const [, digits] = /^v?(\d{1,9})$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`"${text}" must be a version such as 3.`);
  return digits;
}

function addSecrets(queue: Command): void {
  const secret = queue
    .command('secret')
    .description('secrets of a queue, given to its programs as environment');

  secret
    .command('list <queue>')
    .description('names of the secrets; their values are never shown')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const path = await client.path(options.entity, 'queues', name, 'secrets');
      answer(json, await client.get<Page<SecretName>>(path), ({ items }) => {
        printTable(
          ['NAME', 'UPDATED', 'BY'],
          items.map((s) => [s.name, formatAgo(s.updatedAt), s.updatedBy]),
        );
      });
    });

  secret
    .command('set <queue> <name>')
    .description('set a secret to what standard input holds, without its last line break')
    .action(async (name: string, variable: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const path = await client.path(options.entity, 'queues', name, 'secrets', variable);
      const value = readText('-').replace(/\r?\n$/, '');
      answer(json, await client.call<SecretName>('PUT', path, { body: { value } }), () => {
        printLine(`${variable} is set.`);
      });
    });

  secret
    .command('delete <queue> <name>')
    .description('delete a secret')
    .action(async (name: string, variable: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      await client.call('DELETE', await client.path(options.entity, 'queues', name, 'secrets', variable));
      answer(json, { deleted: variable }, () => {
        printLine(`${variable} is deleted.`);
      });
    });
}
