import { stripAnsi } from '@/core/ansi';
import type { Actor } from '../access';
import { runEntity } from '../runs/door';
import type { DownloadLogInput } from '../runs/inputs';
import type { Services } from '../services';
import { RowReader } from './row-reader';
import { chunksFrom, openView } from './view';

/**
 * The log as a file, piece by piece: `raw` as the program wrote it, `text` as it is read. With a filter only what passes it; lines longer
 * than what is shown of them are cut in `text`, which says so.
 */
export async function downloadLog(
  s: Services,
  actor: Actor,
  { id, stream: streams, source, format, timestamps }: DownloadLogInput,
): Promise<AsyncGenerator<Uint8Array>> {
  await runEntity(s, actor, id, 'viewer');
  const view = await openView(s, id, { streams, source });
  return pieces();

  async function* pieces(): AsyncGenerator<Uint8Array> {
    const reader = new RowReader(Infinity);
    const text = () =>
      Buffer.from(
        reader.rows
          .splice(0)
          .map((row) => {
            const time = timestamps === 'true' ? `${row.at} ` : '';
            const cut = row.cutBytes > 0 ? ` [${row.cutBytes} more bytes in the raw log]` : '';
            return `${time}${stripAnsi(row.text)}${cut}\n`;
          })
          .join(''),
      );
    for await (const chunks of chunksFrom(s, view, 0)) {
      if (format === 'raw') yield Buffer.concat(chunks.map(({ data }) => data));
      else {
        for (const chunk of chunks) reader.take(chunk);
        yield text();
      }
    }
    reader.end();
    if (reader.rows.length > 0) yield text();
  }
}
