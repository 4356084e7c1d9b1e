import { isInFlight } from '@/core/run-state';
import { conflict, notFound, refused } from '@/core/problems';
import type { LogAnswer } from '@/core/wire';
import type { AgentActor } from '../access';
import { withTransaction } from '../db';
import { staleAttempt } from '../runs/report-apply';
import type { AppendLogInput } from '../runs/inputs';
import type { Services } from '../services';
import { appendAtEnd, lockLog, storePieces } from './append-sql';
import type { Chunk } from './append-sql';
import { wholeCharacters } from './utf8';

/**
 * Appends to the log of a run. `offset` makes it safe to repeat: bytes that are there already are passed over, a chunk that would leave a
 * gap is refused. At the size limit the log is cut, which its last line says; what comes after is accepted and forgotten.
 *
 * @throws ProblemError not-found; refused (bad base64); conflict `stale-attempt`, `log-gap` (the detail names the offset expected)
 */
export async function appendLog(s: Services, actor: AgentActor, input: AppendLogInput): Promise<LogAnswer> {
  const { runId, attempt, stream, offset, cursor } = input;
  const chunk: Chunk = {
    runId,
    attempt,
    stream,
    offset,
    cursor: cursor ?? null,
    source: input.source ?? null,
    tokenId: actor.tokenId,
    data: bytesOf(input),
  };
  const max = s.config.SLIPWAY_MAX_LOG_BYTES;
  const end = await appendAtEnd(s.pool, chunk, max);
  const answer =
    end === null
      ? await appendUncommon(s, actor, chunk, max)
      : { nextOffset: end, truncated: false, grown: chunk.data.length > 0 };
  if (answer.grown) s.bus.publish({ type: 'log', runId, bytes: answer.nextOffset });
  return { nextOffset: answer.nextOffset, truncated: answer.truncated };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesOf({ data, encoding = 'utf8' }: AppendLogInput): Buffer {
  if (typeof data !== 'string') return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (encoding === 'base64' && !BASE64.test(data))
    throw refused('The chunk is not base64.', [{ path: 'data', message: 'must be base64' }]);
  return Buffer.from(data, encoding);
}

/** Repeats, overlaps, gaps, the size limit and leases that are over. */
function appendUncommon(s: Services, actor: AgentActor, chunk: Chunk, max: number) {
  return withTransaction(s.pool, async (client) => {
    const log = await lockLog(client, chunk.runId);
    if (!log || log.entityId !== actor.entityId) throw notFound('The run');
    if (log.attempt !== chunk.attempt || log.tokenId !== actor.tokenId) throw staleAttempt();
    const end = chunk.offset + chunk.data.length;
    if (log.truncated) return { nextOffset: end, truncated: true, grown: false };
    // A repeat is answered also after the end of the run: the first answer may have been lost.
    if (end <= log.logBytes) return { nextOffset: log.logBytes, truncated: false, grown: false };
    if (!isInFlight(log.state)) throw staleAttempt();
    if (chunk.offset > log.logBytes) {
      throw conflict(
        `The log ends at offset ${log.logBytes}, where the next chunk must begin; this one begins at ${chunk.offset}.`,
        'log-gap',
      );
    }
    const fresh = chunk.data.subarray(log.logBytes - chunk.offset);
    const room = max - log.logBytes;
    if (fresh.length <= room) {
      const pieces = [{ stream: chunk.stream, data: fresh, source: chunk.source }];
      const nextOffset = await storePieces(client, chunk.runId, log, pieces, {
        truncated: false,
        cursor: chunk.cursor,
      });
      return { nextOffset, truncated: false, grown: true };
    }
    const kept = wholeCharacters(fresh.subarray(0, Math.max(0, room)));
    const pieces = [
      { stream: chunk.stream, data: kept, source: chunk.source },
      { stream: 'system' as const, data: cutNotice(kept, max), source: null },
    ];
    await storePieces(client, chunk.runId, log, pieces, { truncated: true, cursor: chunk.cursor });
    return { nextOffset: end, truncated: true, grown: true };
  });
}

function cutNotice(before: Buffer, max: number): Buffer {
  const newLine = before.at(-1) === 0x0a ? '' : '\n';
  return Buffer.from(
    `${newLine}[slipway] The log is cut here: it has reached its limit of ${max} bytes. The run goes on.\n`,
  );
}
