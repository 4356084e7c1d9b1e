import { stripAnsi } from '@/core/ansi';
import type { LogOutline, LogStream } from '@/core/wire';
import type { Actor } from '../access';
import { runEntity } from '../runs/door';
import type { RunRef } from '../runs/inputs';
import type { Services } from '../services';
import { GROUP_LINE } from './line-count';
import { openView } from './view';

const MAX_PHASES = 100;
const MAX_GROUPS = 1000;
const MAX_GROUP_CHUNKS = 500;
const MAX_TITLE = 200;

/** Builds and executions in turn: neighbours of one kind are one phase. What the system says belongs to what it stands in. */
const PHASES = `
SELECT execution, build, min(line)::bigint AS line, min(at) AS "from", max(at) AS "to" FROM (
  SELECT execution, stream = 'build' AS build, line, "offset", at,
         row_number() OVER (ORDER BY "offset") - row_number() OVER (PARTITION BY execution, stream = 'build' ORDER BY "offset") AS island
  FROM log_chunks WHERE run_id = $1 AND stream <> 'system') AS chunk
GROUP BY execution, build, island ORDER BY min("offset") LIMIT ${MAX_PHASES}`;

const WRITERS = `
SELECT stream, source, sum(lines)::bigint AS lines, sum(octet_length(data))::bigint AS bytes
FROM log_chunks WHERE run_id = $1 GROUP BY stream, source ORDER BY stream, source LIMIT 500`;

/** Chunks in which a group begins, and whether each begins at the begin of a line. */
const GROUPED = `
SELECT c.line, c.data, c."offset" = 0 OR (
         SELECT get_byte(p.data, octet_length(p.data) - 1) = 10 FROM log_chunks p
         WHERE p.run_id = $1 AND p."offset" < c."offset" ORDER BY p."offset" DESC LIMIT 1) AS fresh
FROM log_chunks c WHERE c.run_id = $1 AND c.grouped ORDER BY c."offset" LIMIT ${MAX_GROUP_CHUNKS}`;

const KINDS = { '---': 'folded', '+++': 'open', '~~~': 'quiet' } as const;

/** How a log is divided: builds and executions, groups that the program announced, streams and writers. */
export async function logOutline(s: Services, actor: Actor, { id }: RunRef): Promise<LogOutline> {
  await runEntity(s, actor, id, 'viewer');
  const { total } = await openView(s, id, {});
  const [phases, writers, grouped] = await Promise.all([
    s.pool.query<{ execution: number; build: boolean; line: number; from: Date; to: Date }>({
      name: 'log-phases',
      text: PHASES,
      values: [id],
    }),
    s.pool.query<{ stream: LogStream; source: string | null; lines: number; bytes: number }>({
      name: 'log-writers',
      text: WRITERS,
      values: [id],
    }),
    s.pool.query<{ line: number; data: Buffer; fresh: boolean }>({
      name: 'log-groups',
      text: GROUPED,
      values: [id],
    }),
  ]);
  return {
    total,
    phases: phases.rows.map(({ execution, build, line, from, to }, index) => ({
      kind: build ? 'build' : 'run',
      execution,
      // Lines of the system before the first output stand in the first phase.
      firstLine: index === 0 ? 1 : line + 1,
      from: from.toISOString(),
      to: to.toISOString(),
    })),
    groups: grouped.rows.flatMap(groupsOf).slice(0, MAX_GROUPS),
    writers: writers.rows,
  };
}

function groupsOf({
  line,
  data,
  fresh,
}: {
  line: number;
  data: Buffer;
  fresh: boolean;
}): LogOutline['groups'] {
  return data
    .toString('utf8')
    .split('\n')
    .flatMap((text, index) => {
      const mark = index > 0 || fresh ? GROUP_LINE.exec(text) : null;
      if (!mark) return [];
      const title = stripAnsi(text.slice(mark[0].length).replace(/\r+$/, '')).slice(0, MAX_TITLE);
      return [{ line: line + index + 1, kind: KINDS[mark[1] as keyof typeof KINDS], title }];
    });
}
