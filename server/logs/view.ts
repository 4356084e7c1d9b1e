import { isFinal } from '@/core/run-state';
import type { LogStream, RunState } from '@/core/wire';
import { withTransaction } from '../db';
import { noRun } from '../runs/door';
import type { Services } from '../services';
import { restoreLog } from './restore';

/** Which part of a log is read: all of it, or only what came by some streams or from one writer. */
export interface LogFilter {
  streams?: readonly LogStream[] | undefined;
  source?: string | undefined;
}
/** A log, or part of it, as rows to be read. `total`: rows, the last unfinished line included. */
export interface LogView extends LogFilter {
  id: string;
  total: number;
  bytes: number;
  complete: boolean;
  truncated: boolean;
}

export const isFiltered = ({ streams, source }: LogFilter): boolean =>
  streams !== undefined || source !== undefined;

/** The condition on `log_chunks`; its values stand at $2 (list of streams or null) and $3 (source or null). */
const FILTER = '($2::text[] IS NULL OR stream = ANY ($2)) AND ($3::text IS NULL OR source = $3)';
export const filterValues = ({ streams, source }: LogFilter): [readonly string[] | null, string | null] => [
  streams ?? null,
  source ?? null,
];

interface Head {
  state: RunState;
  bytes: number;
  lines: number | null;
  truncated: boolean;
  archived: boolean;
}
const HEAD = `
SELECT state, log_bytes AS bytes, log_lines AS lines, log_truncated AS truncated, log_archive IS NOT NULL AS archived FROM runs WHERE id = $1`;

/** Rows of the filtered log, and whether it ends in the middle of a line. Sizes only: no text is read but for one byte. */
const COUNT = `
SELECT coalesce(sum(lines), 0)::bigint AS lines,
       coalesce((SELECT get_byte(data, octet_length(data) - 1) <> 10 FROM log_chunks WHERE run_id = $1 AND ${FILTER}
                 ORDER BY "offset" DESC LIMIT 1), false) AS open
FROM log_chunks WHERE run_id = $1 AND ${FILTER}`;
const OPEN = `
SELECT get_byte(data, octet_length(data) - 1) <> 10 AS open FROM log_chunks WHERE run_id = $1 ORDER BY "offset" DESC LIMIT 1`;

/** How much there is to read now. A log that was archived is brought back here, one that an older release wrote is indexed, once. */
export async function openView(s: Services, id: string, filter: LogFilter): Promise<LogView> {
  let head = await readHead(s, id);
  if (head.archived) {
    await restoreLog(s, id);
    head = await readHead(s, id);
  }
  if (head.lines === null) {
    await countOldLines(s, id);
    head = await readHead(s, id);
  }
  const rest = {
    ...filter,
    id,
    bytes: head.bytes,
    truncated: head.truncated,
    complete: isFinal(head.state),
  };
  if (isFiltered(filter)) {
    const { rows } = await s.pool.query<{ lines: number; open: boolean }>({
      name: 'log-count',
      text: COUNT,
      values: [id, ...filterValues(filter)],
    });
    const [count = { lines: 0, open: false }] = rows;
    return { ...rest, total: count.lines + (count.open ? 1 : 0) };
  }
  const { rows } = await s.pool.query<{ open: boolean }>({ name: 'log-open', text: OPEN, values: [id] });
  return { ...rest, total: (head.lines ?? 0) + (rows[0]?.open === true ? 1 : 0) };
}

async function readHead(s: Services, id: string): Promise<Head> {
  const { rows } = await s.pool.query<Head>({ name: 'log-lines-head', text: HEAD, values: [id] });
  const [head] = rows;
  if (!head) throw noRun(id);
  return head;
}

/** In the text form of bytes (`escape`) a line break stays one, and is what the shorter text lacks. */
const COUNT_OLD = `
WITH counted AS (
  SELECT "offset", length(text) - length(replace(text, E'\\n', '')) AS lines,
         text ~ '(^|\\n)(---|[+]{3}|~~~) ' AS grouped
  FROM (SELECT "offset", encode(data, 'escape') AS text FROM log_chunks WHERE run_id = $1) AS chunk
), placed AS (
  SELECT "offset", lines, grouped, sum(lines) OVER (ORDER BY "offset") - lines AS line FROM counted
)
UPDATE log_chunks c SET line = placed.line, lines = placed.lines, grouped = placed.grouped
FROM placed WHERE c.run_id = $1 AND c."offset" = placed."offset"`;

/** Gives each chunk of an older release its place by line. The run is locked meanwhile: nothing is appended in between. */
function countOldLines(s: Services, id: string): Promise<void> {
  return withTransaction(s.pool, async (client) => {
    const { rows } = await client.query<{ lines: number | null }>(
      'SELECT log_lines AS lines FROM runs WHERE id = $1 FOR NO KEY UPDATE',
      [id],
    );
    if (rows[0]?.lines !== null) return;
    await client.query(COUNT_OLD, [id]);
    await client.query(
      `UPDATE runs SET log_lines = (SELECT coalesce(sum(lines), 0) FROM log_chunks WHERE run_id = $1) WHERE id = $1`,
      [id],
    );
  });
}

/** A piece of a log as it was appended. `line`: line breaks before it in the whole log. */
export interface LogChunk {
  offset: number;
  line: number;
  stream: LogStream;
  source: string | null;
  at: Date;
  data: Buffer;
}

const COLUMNS = '"offset", line, stream, source, at, data';
const AFTER = `SELECT ${COLUMNS} FROM log_chunks WHERE run_id = $1 AND ${FILTER} AND "offset" >= $4 ORDER BY "offset" LIMIT $5`;
/** Bytes that one look into the database brings, about. */
const BATCH_BYTES = 1024 * 1024;
const FIRST_CHUNKS = 16;
const MAX_CHUNKS = 1024;

/** The chunks of a view from an offset on, some at a time. */
export async function* chunksFrom(s: Services, view: LogView, offset: number): AsyncGenerator<LogChunk[]> {
  let next = offset;
  let limit = FIRST_CHUNKS;
  for (;;) {
    const { rows } = await s.pool.query<LogChunk>({
      name: 'log-chunks',
      text: AFTER,
      values: [view.id, ...filterValues(view), next, limit],
    });
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    if (rows.length < limit) return;
    next = last.offset + 1;
    const bytes = rows.reduce((sum, { data }) => sum + data.length, 0);
    limit = Math.max(1, Math.min(MAX_CHUNKS, Math.floor((BATCH_BYTES * rows.length) / Math.max(1, bytes))));
  }
}

/** The chunk that holds the line break before a row: the last one with fewer rows before it. By the index, without a scan. */
const START = `
SELECT "offset", line AS before, data FROM log_chunks WHERE run_id = $1 AND line < $2 ORDER BY line DESC, "offset" DESC LIMIT 1`;
/** The same in a filtered log, where rows before a chunk are summed up from the counts of its chunks (without their text). */
const FILTERED_START = `
WITH placed AS (
  SELECT "offset", sum(lines) OVER (ORDER BY "offset") - lines AS before FROM log_chunks WHERE run_id = $1 AND ${FILTER}
)
SELECT p."offset", p.before::bigint AS before, c.data FROM placed p JOIN log_chunks c ON c.run_id = $1 AND c."offset" = p."offset"
WHERE p.before < $4 ORDER BY p."offset" DESC LIMIT 1`;

/** Where a row (from 0) of a view begins: its chunk and the position in it. */
export async function startOf(
  s: Services,
  view: LogView,
  row: number,
): Promise<{ offset: number; skip: number }> {
  if (row === 0) return { offset: 0, skip: 0 };
  const filtered = isFiltered(view);
  const { rows } = await s.pool.query<{ offset: number; before: number; data: Buffer }>({
    name: filtered ? 'log-start-filtered' : 'log-start',
    text: filtered ? FILTERED_START : START,
    values: filtered ? [view.id, ...filterValues(view), row] : [view.id, row],
  });
  const [chunk] = rows;
  if (!chunk) return { offset: 0, skip: 0 };
  let at = -1;
  for (let breaks = chunk.before; breaks < row; breaks += 1) {
    at = chunk.data.indexOf(0x0a, at + 1);
    // Fewer breaks than counted cannot be; then the row lies beyond the end of the log.
    if (at === -1) return { offset: chunk.offset + chunk.data.length, skip: 0 };
  }
  return { offset: chunk.offset, skip: at + 1 };
}
