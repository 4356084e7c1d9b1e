import type { Command } from 'commander';
import { compareDocuments, latestParts, launchOf, resourceCommand, submissionOf } from '@/core/run-facts';
import type { LogSearchAnswer, Page, Run, RunEvent, RunSubmission } from '@/core/wire';
import type { Client } from '../lib/client';
import { answer, contextOf } from '../lib/context';
import { UsageError } from '../lib/errors';
import { printDifferences, printLine, printTable, say, style, styleState } from '../lib/output';
import { wholeNumber } from '../lib/parse';
import { everyPage } from '../lib/pages';

export const pathOf = (id: string, ...parts: string[]): string =>
  ['/api/v1/runs', encodeURIComponent(id), ...parts].join('/');

const eventsOf = (client: Client, id: string): Promise<RunEvent[]> =>
  everyPage((cursor) => client.get<Page<RunEvent>>(pathOf(id, 'events'), { limit: 200, cursor }));

const submissionsOf = async (client: Client, id: string): Promise<RunSubmission[]> =>
  (await client.get<Page<RunSubmission>>(pathOf(id, 'submission'))).items;

/** What an event holds, in words where it has some. */
function factsOf({ data }: RunEvent): string {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return '';
  const { message, reason } = data;
  if (typeof message === 'string') return typeof reason === 'string' ? `${reason}: ${message}` : message;
  const text = JSON.stringify(data);
  return text === '{}' ? '' : text;
}

/** Commands that look closely at one run, or at two. */
export function addRunDetails(run: Command): void {
  run
    .command('events <id>')
    .description('everything that happened to a run')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      answer(json, { items: await eventsOf(client, id) }, ({ items }) => {
        printTable(
          ['#', 'AT', 'ATTEMPT', 'BY', 'WHAT', 'DATA'],
          items.map((e) => [
            String(e.seq),
            e.at,
            String(e.attempt),
            e.actor,
            e.state === null ? e.kind : styleState(e.state),
            factsOf(e),
          ]),
        );
      });
    });

  run
    .command('submission <id>')
    .description('exactly what was sent to the resource, for each attempt')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      answer(json, { items: await submissionsOf(client, id) }, ({ items }) => {
        if (items.length === 0) say('Nothing has been submitted yet.');
        for (const { attempt, createdAt, submission } of items) {
          say(style('dim', `attempt ${String(attempt)}, ${createdAt}`, process.stderr));
          printLine(submission.text.trimEnd());
        }
      });
    });

  run
    .command('parts <id>')
    .description('pods, instances or worker pools of a run, and the command that shows it at its resource')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, json } = contextOf(command);
      const [found, events] = await Promise.all([client.get<Run>(pathOf(id)), eventsOf(client, id)]);
      const told = latestParts(events);
      const shown = {
        parts: told?.parts ?? [],
        total: told?.total ?? told?.parts.length ?? 0,
        url: told?.url ?? null,
        command: resourceCommand(found.resource, found.externalRef) ?? null,
      };
      answer(json, shown, ({ parts, total, url, command: line }) => {
        if (parts.length === 0) say('The agent has told of no parts.');
        else
          printTable(
            ['NAME', 'KIND', 'STATE', 'MESSAGE'],
            parts.map((part) => [part.name, part.kind, part.state, part.message ?? '']),
          );
        if (total > parts.length) say(`The first ${String(parts.length)} of ${String(total)}.`);
        if (line) printLine(line);
        if (url) printLine(url);
      });
    });

  run
    .command('compare <id> <other>')
    .description('how two runs differ: what was launched and what was submitted')
    .option('--all', 'what is equal too')
    .action(async (id: string, other: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ all?: boolean }>(command);
      const side = async (each: string) => {
        const [found, submissions] = await Promise.all([
          client.get<Run>(pathOf(each)),
          submissionsOf(client, each),
        ]);
        return { launch: launchOf(found), submission: submissionOf(found, submissions) };
      };
      const [a, b] = await Promise.all([side(id), side(other)]);
      const keep = (list: ReturnType<typeof compareDocuments>) =>
        list.filter(({ left, right }) => options.all === true || left !== right);
      const compared = {
        launch: keep(compareDocuments(a.launch, b.launch)),
        submission: keep(compareDocuments(a.submission, b.submission)),
      };
      answer(json, compared, ({ launch, submission }) => {
        printDifferences([id, other], launch, 'They were launched alike.');
        printLine();
        printDifferences([id, other], submission, 'What was submitted is alike.');
      });
    });

  run
    .command('search <id> <text>')
    .description('search the whole log of a run, in any case of the letters')
    .option('--regex', 'the text is a regular expression (RE2)')
    .option('-C, --context <lines>', 'lines around each hit', wholeNumber, 0)
    .option('--limit <n>', 'at most so many hits', wholeNumber, 100)
    .action(async (id: string, text: string, _options: unknown, command: Command) => {
      const { client, options, json } = contextOf<{ regex?: boolean; context: number; limit: number }>(
        command,
      );
      if (text === '') throw new UsageError('Say what to search for.');
      const found = await client.get<LogSearchAnswer>(pathOf(id, 'logs', 'search'), {
        q: text,
        regex: String(options.regex === true),
        context: options.context,
        limit: options.limit,
      });
      answer(json, found, ({ hits, total }) => {
        for (const { line, text: hit, before, after } of hits) {
          const digits = String(line + after.length).length;
          const print = (number: number, sign: string, words: string) => {
            printLine(`${style('dim', `${String(number).padStart(digits)}${sign}`)} ${words}`);
          };
          before.forEach((each, i) => {
            print(line - before.length + i, '-', each);
          });
          print(line, ':', hit);
          after.forEach((each, i) => {
            print(line + 1 + i, '-', each);
          });
          if (options.context > 0) printLine(style('dim', '--'));
        }
        say(
          total > hits.length
            ? `The first ${String(hits.length)} of ${String(total)} hits.`
            : `${String(total)} hits`,
        );
      });
    });
}
