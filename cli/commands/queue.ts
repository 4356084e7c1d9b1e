import { Option, type Command } from 'commander';
import { queueCondition } from '@/core/run-state';
import {
  QUEUE_STATES,
  RESOURCES,
  templateVariablesSchema,
  type ConfigProblem,
  type CreateQueueInput,
  type Page,
  type ParseAnswer,
  type Queue,
  type QueueState,
  type QueueSummary,
  type UpdateQueue,
} from '@/core/wire';
import type { Client } from '../lib/client';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import { formatAgo, formatDuration, printFields, printLine, printTable, say, style } from '../lib/output';
import { readJsonObject, readText, wholeNumber } from '../lib/parse';
import { everyPage } from '../lib/pages';
import { addQueueDetails } from './queue-detail';

interface ConfigOptions {
  config?: string;
  templates?: string;
  description?: string;
  prioritized?: boolean;
  maxInFlight?: number | null;
  note?: string;
}

const STATES: Record<QueueState, Parameters<typeof style>[0]> = {
  active: 'green',
  paused: 'yellow',
  'agents-paused': 'yellow',
  'no-agent': 'red',
  blocked: 'red',
  failing: 'red',
  unserved: 'dim',
};
const stateOf = (queue: QueueSummary): string => {
  const state = queueCondition(queue);
  const note = queue.paused?.note ? `: ${queue.paused.note}` : '';
  return style(STATES[state], `${state.replace('-', ' ')}${note}`);
};

const limit = (text: string): number | null => (text === 'none' ? null : wholeNumber(text));

function addConfigOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration, YAML or JSON by its ending; "-" is standard input (YAML)')
    .option('-t, --templates <json>', 'tiles of the template variables: a file or JSON')
    .option('--description <text>')
    .option('--prioritized', 'runs have priorities')
    .option('--no-prioritized')
    .option('--max-in-flight <n>', 'limit of runs in flight, or "none"', limit)
    .option('--note <text>', 'said of this version of the configuration');
}

/** The options as fields of a request; without --templates each placeholder gets a tile of the suggested type. */
async function fieldsOf(
  client: Client,
  resource: CreateQueueInput['resource'],
  options: ConfigOptions,
  kept: Queue['templates'] = {},
): Promise<Omit<UpdateQueue, 'baseVersion'>> {
  const config = options.config
    ? {
        format: options.config.endsWith('.json') ? ('json' as const) : ('yaml' as const),
        source: readText(options.config),
      }
    : undefined;
  const given = options.templates
    ? templateVariablesSchema.safeParse(readJsonObject(options.templates))
    : undefined;
  if (given && !given.success) {
    throw new UsageError(
      `--templates is not usable:\n${given.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n')}`,
    );
  }
  let templates = given?.data;
  if (config && !templates) {
    templates = (
      await client.post<ParseAnswer>('/api/v1/config/parse', { resource, ...config, templates: kept })
    ).templates;
  }
  return {
    ...(config ? { config } : {}),
    ...(templates ? { templates } : {}),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.prioritized === undefined ? {} : { prioritized: options.prioritized }),
    ...(options.maxInFlight === undefined ? {} : { maxInFlight: options.maxInFlight }),
    ...(options.note === undefined ? {} : { note: options.note }),
  };
}

function sayProblems(problems: ConfigProblem[]): void {
  for (const { severity, message, line, column } of problems) {
    say(
      `${style('yellow', severity, process.stderr)}  ${line ? `${String(line)}:${String(column ?? 1)}  ` : ''}${message}`,
    );
  }
}

function printQueue(queue: Queue): void {
  printFields([
    ['name', `${queue.entity}/${queue.name}`],
    ['resource', queue.resource],
    ['state', stateOf(queue)],
    ['waiting', String(queue.counts.waiting)],
    [
      'in flight',
      `${String(queue.counts.inFlight)}${queue.maxInFlight === null ? '' : ` of ${String(queue.maxInFlight)}`}`,
    ],
    ['agents', `${String(queue.agents.online)} online, ${String(queue.agents.busy)} slots busy`],
    ['priorities', queue.prioritized ? 'yes' : 'no'],
    ['version', String(queue.version)],
    ['made', `${queue.createdAt} by ${queue.createdBy}`],
    ['secrets', queue.secrets.join(', ')],
    ['description', queue.description],
  ]);
  printLine();
  printLine(queue.config.source.trimEnd());
  const variables = Object.entries(queue.templates);
  if (variables.length === 0) return;
  printLine();
  printTable(
    ['VARIABLE', 'TYPE', 'DEFAULT', 'ALLOWED', 'DESCRIPTION'],
    variables.map(([name, v]) => [
      name,
      v.type,
      v.default === undefined ? '-' : String(v.default),
      v.options?.length ? v.options.join(', ') : rangeOf(v.min, v.max),
      v.description ?? '',
    ]),
  );
}

function rangeOf(min: number | undefined, max: number | undefined): string {
  if (min === undefined && max === undefined) return 'any';
  if (max === undefined) return `at least ${String(min)}`;
  return min === undefined ? `at most ${String(max)}` : `${String(min)} to ${String(max)}`;
}

export function addQueue(program: Command): void {
  const queue = program.command('queue').description('queues: where runs wait for compute');

  addConfigOptions(queue.command('create <name>').description('make a queue'))
    .addOption(
      new Option('-r, --resource <resource>', 'kind of compute').choices(RESOURCES).makeOptionMandatory(),
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<ConfigOptions & { resource: CreateQueueInput['resource'] }>(
        command,
      );
      const fields = await fieldsOf(client, options.resource, options);
      const made = await client.post<Queue>(await client.path(options.entity, 'queues'), {
        name,
        resource: options.resource,
        ...fields,
      });
      answer(json, made, () => {
        printLine(`${made.entity}/${made.name}`);
        sayProblems(made.problems);
      });
    });

  queue
    .command('list')
    .description('queues of an entity')
    .option('--search <text>', 'in name or description')
    .addOption(new Option('-r, --resource <resource>').choices(RESOURCES))
    .addOption(new Option('--state <state>').choices(QUEUE_STATES))
    .action(async (_options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ search?: string; resource?: string; state?: string }>(
        command,
      );
      const { search: q, resource, state } = options;
      const path = await client.path(options.entity, 'queues');
      const items = await everyPage((cursor) =>
        client.get<Page<QueueSummary>>(path, { q, resource, state, limit: 200, cursor }),
      );
      answer(json, { items, nextCursor: null }, () => {
        printTable(
          [
            'NAME',
            'RESOURCE',
            'WAITING',
            'IN FLIGHT',
            'AGENTS',
            'OLDEST WAIT',
            'P95 WAIT',
            'FAILED 24H',
            'STATE',
          ],
          items.map((q) => [
            q.name,
            q.resource,
            String(q.counts.waiting),
            `${String(q.counts.inFlight)}${q.maxInFlight === null ? '' : `/${String(q.maxInFlight)}`}`,
            q.agents.slots === null
              ? String(q.agents.online)
              : `${String(q.agents.online)} (${String(q.agents.busy)}/${String(q.agents.slots)} busy)`,
            formatAgo(q.oldestWaitingSince),
            q.day.waitP95Seconds === null ? '-' : formatDuration(q.day.waitP95Seconds * 1000),
            String(q.day.failed),
            stateOf(q),
          ]),
        );
      });
    });

  queue
    .command('show <queue>')
    .description('a queue with its configuration')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      answer(json, await client.get<Queue>(await client.path(options.entity, 'queues', name)), printQueue);
    });

  addConfigOptions(
    queue.command('update <queue>').description('change a queue; a new configuration makes a new version'),
  ).action(async (name: string, _options: unknown, command: Command) => {
    const { client, options, json } = contextOf<ConfigOptions>(command);
    const path = await client.path(options.entity, 'queues', name);
    const before = await client.get<Queue>(path);
    const fields = await fieldsOf(client, before.resource, options, before.templates);
    if (Object.keys(fields).length === 0) throw new UsageError('Nothing to change was given.');
    const after = await client.call<Queue>('PATCH', path, {
      body: { ...fields, baseVersion: before.version },
    });
    answer(json, after, () => {
      printLine(
        after.version === before.version
          ? `${after.name} is changed.`
          : `${after.name} is at version ${String(after.version)}.`,
      );
      sayProblems(after.problems);
    });
  });

  queue
    .command('pause <queue>')
    .description('hand out no more runs of a queue')
    .option('--note <text>', 'why; shown on each waiting run', '')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ note: string }>(command);
      const paused = await client.post<Queue>(await client.path(options.entity, 'queues', name, 'pause'), {
        note: options.note,
      });
      answer(json, paused, () => {
        printLine(`${name} is paused.`);
      });
    });

  queue
    .command('resume <queue>')
    .description('hand out runs again')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf(command);
      const resumed = await client.post<Queue>(await client.path(options.entity, 'queues', name, 'resume'));
      answer(json, resumed, () => {
        printLine(`${name} is resumed.`);
      });
    });

  queue
    .command('delete <queue>')
    .description('delete a queue; the history of its runs stays')
    .option('--force', 'stop its waiting and running runs first')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ force?: boolean }>(command);
      await client.call('DELETE', await client.path(options.entity, 'queues', name), {
        query: { force: options.force ? 'true' : undefined },
      });
      answer(json, { deleted: name }, () => {
        printLine(`${name} is deleted.`);
      });
    });
  addQueueDetails(queue);
}
