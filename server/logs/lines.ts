import type { LogLinesAnswer } from '@/core/wire';
import type { Actor } from '../access';
import { runEntity } from '../runs/door';
import type { ReadLinesInput } from '../runs/inputs';
import type { Services } from '../services';
import { RowReader } from './row-reader';
import { chunksFrom, openView, startOf } from './view';

/**
 * Lines of the log of a run, from any row on: found by the index of line breaks, so that the millionth line costs as much as the first.
 * Without `from`, the last ones. With streams or a source the rows are those of the filtered log; numbers are always those of the whole.
 */
export async function readLines(s: Services, actor: Actor, input: ReadLinesInput): Promise<LogLinesAnswer> {
  const { id, from, limit, stream: streams, source } = input;
  await runEntity(s, actor, id, 'viewer');
  const view = await openView(s, id, { streams, source });
  const first = Math.min(from ?? Math.max(0, view.total - limit), view.total);
  const count = Math.min(limit, view.total - first);
  const reader = new RowReader(count);
  if (count > 0) {
    const start = await startOf(s, view, first);
    let { skip } = start;
    for await (const chunks of chunksFrom(s, view, start.offset)) {
      for (const chunk of chunks) {
        reader.take(chunk, skip);
        skip = 0;
      }
      if (reader.full) break;
    }
    reader.end();
  }
  const { total, bytes, complete, truncated } = view;
  return { from: first, total, bytes, complete, truncated, lines: reader.rows };
}
