import type { LogAnswer, LogRequest, LogStream } from '@/core/wire';
import { isStale } from '../client';
import type { AgentLog } from '../support/logger';
import type { LogCounts } from '../runners/types';
import { errorMessage, sleep } from '../support/timing';

/** Largest chunk sent, bytes of log. */
const MAX_CHUNK_BYTES = 256 * 1024;
/** What may wait for the server, bytes a run. When it is full, `write` waits, and so does the reading of the source. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;
/** How long output is gathered before it is sent, milliseconds. */
const FLUSH_MS = 60;
/** With more chunks than this waiting, output joins the last one of its writer: few large calls instead of exact interleaving. */
const MAX_EXACT_CHUNKS = 16;

interface Chunk {
  stream: LogStream;
  source: string | undefined;
  parts: Uint8Array[];
  bytes: number;
  /** Raw bytes of the writer that are read once this chunk is accepted. */
  consumed: number;
}

export interface ShipperOptions {
  /** Offset in the log of the whole run where this lease begins to write; null: not known, the server is asked. */
  offset: number | null;
  attempt: number;
  /** Sends one chunk, for as long as it takes. */
  send: (request: LogRequest, signal: AbortSignal) => Promise<LogAnswer>;
  /** Where a later agent begins to read, when so many raw bytes of each writer have been accepted. */
  cursor: (consumed: LogCounts) => string | undefined;
  log: AgentLog;
  signal: AbortSignal;
}

/**
 * Sends the log of one run in order, one chunk at a time, each with the cursor to go on from. It survives the server being away: what
 * is written waits in bounded memory, then the writer waits.
 */
export interface LogShipper {
  /**
   * Resolves when there is room for more. `data`: at most MAX_CHUNK_BYTES, since a chunk is the smallest thing a cursor can tell apart.
   * `consumed`: raw bytes of this stream, or of this source, that have been read up to the end of `data`.
   */
  write(stream: LogStream, data: Uint8Array, consumed: number, source?: string): Promise<void>;
  /** Resolves when everything written has been accepted, or will never be (lease lost, log cut at its limit, signal aborted). */
  drain(): Promise<void>;
}

export function createShipper(options: ShipperOptions): LogShipper {
  const { signal, log } = options;
  const pending: Chunk[] = [];
  const acknowledged: Partial<Record<LogStream, number>> = {};
  const sources: Record<string, number> = {};
  let offset = options.offset;
  let pendingBytes = 0;
  let closed = false;
  let sending: Promise<void> | null = null;
  let hurry = new AbortController();
  let waiters: (() => void)[] = [];

  const wake = () => {
    const all = waiters;
    waiters = [];
    for (const resolve of all) resolve();
  };
  // A function, since a flag that other callbacks change looks constant to the type checker.
  const isClosed = () => closed;
  const close = () => {
    closed = true;
    pending.length = 0;
    pendingBytes = 0;
    wake();
  };
  signal.addEventListener('abort', close, { once: true });

  async function sendAll(): Promise<void> {
    await sleep(FLUSH_MS, hurry.signal);
    for (let chunk = pending[0]; chunk !== undefined && !isClosed(); chunk = pending[0]) {
      pending.shift();
      const data = Buffer.concat(chunk.parts);
      if (offset === null && !(await askOffset(chunk.stream))) {
        close();
        return;
      }
      const { stream, source } = chunk;
      if (source === undefined) acknowledged[stream] = chunk.consumed;
      else sources[source] = chunk.consumed;
      try {
        const answer = await options.send(
          {
            attempt: options.attempt,
            stream,
            offset: offset ?? 0,
            ...encode(data),
            cursor: options.cursor({ ...acknowledged, sources }),
            ...(source === undefined ? {} : { source }),
          },
          signal,
        );
        if (answer.truncated) {
          close();
          return;
        }
        offset = answer.nextOffset;
      } catch (error) {
        if (!signal.aborted && !isStale(error))
          log.error(`The log is no longer sent: ${errorMessage(error)}`);
        close();
        return;
      }
      pendingBytes -= data.length;
      wake();
    }
  }

  /** An empty chunk at 0 changes nothing and is answered with the end of the log: after a retry it goes on there. */
  async function askOffset(stream: LogStream): Promise<boolean> {
    try {
      const answer = await options.send({ attempt: options.attempt, stream, offset: 0, data: '' }, signal);
      offset = answer.nextOffset;
      return !answer.truncated;
    } catch (error) {
      if (!signal.aborted && !isStale(error)) log.error(`The log is not sent: ${errorMessage(error)}`);
      return false;
    }
  }

  function start(): void {
    if (sending || closed || pending.length === 0) return;
    sending = sendAll().finally(() => {
      sending = null;
      start();
    });
  }

  function append(stream: LogStream, data: Uint8Array, consumed: number, source: string | undefined): void {
    const isSame = (chunk: Chunk) => chunk.stream === stream && chunk.source === source;
    const last = pending.length < MAX_EXACT_CHUNKS ? pending.at(-1) : pending.findLast(isSame);
    if (last && isSame(last) && last.bytes + data.length <= MAX_CHUNK_BYTES) {
      last.parts.push(data);
      last.bytes += data.length;
      last.consumed = consumed;
    } else {
      pending.push({ stream, source, parts: [data], bytes: data.length, consumed });
    }
    pendingBytes += data.length;
  }

  return {
    async write(stream, data, consumed, source) {
      if (data.length === 0 || closed) return;
      append(stream, data, consumed, source);
      start();
      while (pendingBytes > MAX_PENDING_BYTES && !isClosed()) {
        await new Promise<void>((resolve) => waiters.push(resolve));
      }
    },
    async drain() {
      hurry.abort();
      while (sending && !isClosed()) await sending;
      hurry = new AbortController();
    },
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** As text where the bytes are UTF-8, else base64: no byte is changed on the way. */
function encode(data: Buffer): Pick<LogRequest, 'data' | 'encoding'> {
  try {
    return { data: decoder.decode(data), encoding: 'utf8' };
  } catch {
    return { data: data.toString('base64'), encoding: 'base64' };
  }
}
