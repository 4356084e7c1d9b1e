import { isFinal } from '@/core/run-state';
import type { LogStream, RunState } from '@/core/wire';
import type { Actor } from '../access';
import { noRun, runEntity } from '../runs/door';
import type { LogPiece, ReadLogInput } from '../runs/inputs';
import type { Services } from '../services';
import { restoreLog } from './restore';

interface LogHead {
  state: RunState;
  logBytes: number;
}

/** How long the log is and whether more can come. Afterwards it can be read: an archived one is brought back. */
export async function logHead(s: Services, id: string): Promise<LogHead> {
  const { rows } = await s.pool.query<LogHead & { archived: boolean }>({
    name: 'log-head',
    text: 'SELECT state, log_bytes AS "logBytes", log_archive IS NOT NULL AS archived FROM runs WHERE id = $1',
    values: [id],
  });
  const [head] = rows;
  if (!head) throw noRun(id);
  if (head.archived) await restoreLog(s, id);
  return head;
}

/** Chunks that overlap [offset, offset + limit): found by key, however long the log is. Bytes beyond the range are cut off in the database. */
const CHUNKS = `
SELECT greatest("offset", $2) AS "offset", stream,
       substring(data FROM (greatest("offset", $2) - "offset" + 1)::int
                 FOR (least("offset" + octet_length(data), $2 + $3) - greatest("offset", $2))::int) AS data
FROM log_chunks
WHERE run_id = $1 AND "offset" < $2 + $3
  AND "offset" >= coalesce((SELECT max(c."offset") FROM log_chunks c WHERE c.run_id = $1 AND c."offset" <= $2), 0)
  AND "offset" + octet_length(data) > $2
ORDER BY "offset"`;

export interface LogSlice {
  offset: number;
  stream: LogStream;
  data: Buffer;
}

export async function readSlices(
  s: Services,
  id: string,
  offset: number,
  limit: number,
): Promise<LogSlice[]> {
  const { rows } = await s.pool.query<LogSlice>({
    name: 'log-read',
    text: CHUNKS,
    values: [id, offset, limit],
  });
  return rows;
}

/** Part of the log of a run, as bytes. Beyond its end: nothing, and the end as the next offset. */
export async function readLog(
  s: Services,
  actor: Actor,
  { id, offset, limit, stream }: ReadLogInput,
): Promise<LogPiece> {
  await runEntity(s, actor, id, 'viewer');
  // The head first: bytes that come in between are read, and never is a log called complete that has more.
  const head = await logHead(s, id);
  const slices = offset >= head.logBytes ? [] : await readSlices(s, id, offset, limit);
  const last = slices.at(-1);
  const nextOffset = last ? last.offset + last.data.length : Math.min(offset, head.logBytes);
  const wanted = stream === undefined ? slices : slices.filter((slice) => slice.stream === stream);
  return {
    data: Buffer.concat(wanted.map(({ data }) => data)),
    nextOffset,
    complete: isFinal(head.state) && nextOffset >= head.logBytes,
  };
}
