import { refused } from '@/core/problems';
import type { Page, RunEvent, RunSubmission, RunSummary, Submission } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import type { Services } from '../services';
import { runEntity } from './door';
import { runConditions } from './filter';
import type { Conditions } from './filter';
import type { ListEventsInput, ListRunsInput, RunRef } from './inputs';
import { SUMMARY_COLUMNS, SUMMARY_JOINS, toSummary } from './run-rows';
import type { SummaryRow } from './run-rows';
import { waitingOf } from './waiting';

const badCursor = () =>
  refused('The cursor is not one that a list gave.', [
    { path: 'cursor', message: 'is not a cursor of this list' },
  ]);

/** Runs of an entity: the newest first, or (`order: queue`) those that wait, in the order in which they will be leased. */
export async function listRuns(s: Services, actor: Actor, input: ListRunsInput): Promise<Page<RunSummary>> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const { limit, cursor } = input;
  const inLine = input.order === 'queue';
  const where = await runConditions(s, entity.id, input);
  if (inLine) where.add("r.state = 'pending'");
  if (cursor !== undefined) afterCursor(where, cursor, inLine);

  const order = inLine ? 'r.held, r.priority, r.seq' : 'r.seq DESC';
  // The page is cut before the joins: they see `limit` rows, whatever lies behind.
  const { rows } = await s.pool.query<SummaryRow>(
    `SELECT ${SUMMARY_COLUMNS} FROM (SELECT r.* FROM runs r WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.value(limit + 1)}) AS r
     ${SUMMARY_JOINS} ORDER BY ${order}`,
    where.values,
  );
  const page = rows.slice(0, limit);
  const waiting = await waitingOf(s, page);
  const last = page.at(-1);
  const next =
    rows.length > limit && last
      ? inLine
        ? `${last.held ? 1 : 0}.${last.priority}.${last.seq}`
        : String(last.seq)
      : null;
  return { items: page.map((row) => toSummary(row, waiting.get(row.id) ?? null)), nextCursor: next };
}

function afterCursor(where: Conditions, cursor: string, inLine: boolean): void {
  const parts = (inLine ? /^([01])\.([0-3])\.(\d{1,15})$/ : /^(\d{1,15})$/).exec(cursor);
  if (!parts) throw badCursor();
  if (inLine) {
    const [held, priority, seq] = [
      where.value(parts[1] === '1'),
      where.value(Number(parts[2])),
      where.value(Number(parts[3])),
    ];
    where.add(`(r.held, r.priority::int, r.seq) > (${held}::boolean, ${priority}::int, ${seq}::bigint)`);
  } else {
    where.add('r.seq < ?', Number(parts[1]));
  }
}

/** What happened to a run, from the beginning. */
export async function listRunEvents(
  s: Services,
  actor: Actor,
  { id, limit, cursor }: ListEventsInput,
): Promise<Page<RunEvent>> {
  await runEntity(s, actor, id, 'viewer');
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw badCursor();
  const { rows } = await s.pool.query<Omit<RunEvent, 'at'> & { at: Date }>({
    name: 'run-events',
    text: `SELECT seq, at, attempt, actor, kind, state, data FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    values: [id, Number(cursor ?? 0), limit + 1],
  });
  const page = rows.slice(0, limit);
  return {
    items: page.map((row) => ({ ...row, at: row.at.toISOString() })),
    nextCursor: rows.length > limit ? String(page.at(-1)?.seq ?? 0) : null,
  };
}

/** The documents that were sent to the resource, the latest attempt first. */
export async function listSubmissions(s: Services, actor: Actor, { id }: RunRef): Promise<RunSubmission[]> {
  await runEntity(s, actor, id, 'viewer');
  const { rows } = await s.pool.query<{
    attempt: number;
    created_at: Date;
    kind: Submission['kind'];
    document: Omit<Submission, 'kind' | 'origins'>;
    origins: Submission['origins'];
  }>({
    name: 'run-submissions',
    text: 'SELECT attempt, created_at, kind, document, origins FROM run_submissions WHERE run_id = $1 ORDER BY attempt DESC LIMIT 200',
    values: [id],
  });
  return rows.map(({ attempt, created_at: at, kind, document, origins }) => ({
    attempt,
    createdAt: at.toISOString(),
    submission: { ...document, kind, origins },
  }));
}
