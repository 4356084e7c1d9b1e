import { setTimeout as delay } from 'node:timers/promises';
import { streamMessageSchema, type Run, type StreamMessage } from '@/core/wire';
import type { Client } from './client';
import { ApiError, UnreachableError } from './errors';
import { say, style, styleState } from './output';

const ENDED = new Set(['finished', 'failed', 'stopped']);
/** Without a message for so long the run is asked for all the same: streams are best effort. */
const POLL_MS = 5_000;

/** Messages of the event stream of one run; ends when the connection does. */
async function* messages(client: Client, runId: string, signal: AbortSignal): AsyncGenerator<StreamMessage> {
  const response = await client.send('GET', '/api/v1/stream', {
    query: { topic: `run:${runId}` },
    headers: { accept: 'text/event-stream' },
    signal,
  });
  if (!response.body) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      const parsed = data ? streamMessageSchema.safeParse(JSON.parse(data)) : undefined;
      if (parsed?.success) yield parsed.data;
    }
  }
}

/** A signal that another task raises and one loop waits for. */
class Bell {
  private ring: (() => void) | undefined;
  private rung = false;

  strike(): void {
    this.rung = true;
    this.ring?.();
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.rung = false;
  }
}

async function listen(client: Client, runId: string, bell: Bell, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const message of messages(client, runId, signal))
        if (message.type !== 'queue') bell.strike();
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return;
    }
    await delay(1_000, undefined, { signal }).catch(() => undefined);
  }
}

/** Writes what there is of a log from `offset`; gives the next offset and whether that was all. */
export async function copyLog(
  client: Client,
  runId: string,
  offset: number,
  write: (data: Uint8Array) => void,
): Promise<{ offset: number; complete: boolean }> {
  let next = offset;
  for (;;) {
    const response = await client.send('GET', `/api/v1/runs/${encodeURIComponent(runId)}/logs`, {
      query: { offset: next },
      headers: { accept: 'text/plain' },
    });
    const data = new Uint8Array(await response.arrayBuffer());
    if (data.length > 0) write(data);
    const after = Number(response.headers.get('log-next-offset') ?? next + data.length);
    const complete = response.headers.get('log-complete') === 'true';
    if (complete || after <= next) return { offset: Math.max(after, next), complete };
    next = after;
  }
}

/**
 * Writes a run's log to stdout as it comes, and what becomes of the run to stderr, until it has ended and the log is whole.
 * Goes on over lost connections. @returns the run as it ended
 */
export async function followRun(client: Client, runId: string): Promise<Run> {
  const bell = new Bell();
  const ended = new AbortController();
  const listening = listen(client, runId, bell, ended.signal);
  let offset = 0;
  let last = '';
  try {
    for (;;) {
      try {
        const run = await client.get<Run>(`/api/v1/runs/${encodeURIComponent(runId)}`);
        const words =
          run.waiting && run.state === 'pending' ? `${run.state}: ${run.waiting.message}` : run.state;
        if (words !== last)
          say(`${style('dim', run.name, process.stderr)}  ${run.waiting ? words : styleState(run.state)}`);
        last = words;
        const log = await copyLog(client, runId, offset, (data) => process.stdout.write(data));
        offset = log.offset;
        if (ENDED.has(run.state) && log.complete) return run;
      } catch (error) {
        if (!(error instanceof UnreachableError) && !(error instanceof ApiError && error.status >= 500))
          throw error;
        if (last !== 'away') say(`${error.message}; trying again`);
        last = 'away';
      }
      await bell.wait(last === 'away' ? 1_000 : POLL_MS);
    }
  } finally {
    ended.abort();
    await listening.catch(() => undefined);
  }
}
