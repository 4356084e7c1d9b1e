import { setTimeout as delay } from 'node:timers/promises';
import { streamMessageSchema, type Run, type StreamMessage } from '@/core/wire';
import type { Client } from './client';
import { ApiError, UnreachableError } from './errors';
import { say, styleState } from './output';
import { createStatus, type StatusLine } from './status';

const ENDED = new Set(['finished', 'failed', 'stopped']);
/** While the event stream is away the run is asked for so often. */
const AWAY_MS = 2_000;
/** Without a message for so long the run is asked for all the same, in case the connection is dead and nobody has noticed. */
const QUIET_MS = 60_000;

/** Messages of the event stream of one run; ends when the connection does. */
async function* messages(
  client: Client,
  runId: string,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<StreamMessage> {
  const response = await client.send('GET', '/api/v1/stream', {
    query: { topic: `run:${runId}` },
    headers: { accept: 'text/event-stream' },
    signal,
  });
  if (!response.body) return;
  onOpen();
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

/** What has changed at the server since it was last looked at. */
class News {
  run = true;
  log = true;
  /** The event stream stands: nothing changes unheard. */
  live = false;
  private ring: (() => void) | undefined;

  tell({ run = false, log = false }: { run?: boolean; log?: boolean }): void {
    this.run ||= run;
    this.log ||= log;
    if (this.run || this.log) this.ring?.();
  }

  async wait(): Promise<void> {
    if (this.run || this.log) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.tell({ run: true, log: true }), this.live ? QUIET_MS : AWAY_MS);
      this.ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.ring = undefined;
  }
}

async function listen(client: Client, runId: string, news: News, signal: AbortSignal): Promise<void> {
  // What happened before the stream stood, or while it was away, was not heard.
  const onOpen = () => {
    news.live = true;
    news.tell({ run: true, log: true });
  };
  while (!signal.aborted) {
    try {
      for await (const message of messages(client, runId, signal, onOpen)) {
        if (message.type === 'log') news.tell({ log: true });
        // A run that has ended has a whole log.
        else if (message.type === 'run' || message.type === 'reset') news.tell({ run: true, log: true });
      }
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return;
    } finally {
      news.live = false;
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
 * Writes a run's log to stdout as it comes, and what becomes of the run to stderr, until it has ended and the log is whole. What is new is
 * told by the server's events; nothing is asked for over and over. Goes on over lost connections. @returns the run as it ended
 */
export async function followRun(client: Client, runId: string): Promise<Run> {
  const news = new News();
  const ended = new AbortController();
  const listening = listen(client, runId, news, ended.signal);
  let offset = 0;
  let run: Run | undefined;
  let status: StatusLine | undefined;
  let away = false;
  try {
    for (;;) {
      const asked = { run: news.run, log: news.log };
      news.run = news.log = false;
      try {
        if (asked.run || !run) {
          run = await client.get<Run>(`/api/v1/runs/${encodeURIComponent(runId)}`);
          status ??= createStatus(run.name);
          const waits = run.waiting !== null && run.state === 'pending';
          status.show(waits ? `${run.state}: ${run.waiting?.message ?? ''}` : styleState(run.state), waits);
        }
        const log = await copyLog(client, runId, offset, (data) => {
          status?.clear();
          process.stdout.write(data);
        });
        offset = log.offset;
        if (ENDED.has(run.state) && log.complete) return run;
        // The end of the log is told by the run.
        if (log.complete) news.run = true;
      } catch (error) {
        if (!(error instanceof UnreachableError) && !(error instanceof ApiError && error.status >= 500))
          throw error;
        status?.clear();
        if (!away) say(`${error.message}; trying again`);
        away = true;
        await delay(1_000);
        news.run = news.log = true;
        continue;
      }
      away = false;
      await news.wait();
    }
  } finally {
    status?.clear();
    ended.abort();
    await listening.catch(() => undefined);
  }
}
