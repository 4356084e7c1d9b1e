'use client';
import { useCallback, useEffect, useState } from 'react';
import { path, send, toProblem, type ApiProblem } from '../../lib/api';
import { LineIndex } from './line-index';

/** The first piece is small so that something shows at once; the next ones are large so that a long log comes in few requests. Bytes. */
const FIRST_PIECE = 256 * 1024;
const PIECE = 4 * 1024 * 1024;
/** Least time between two requests while a log grows, milliseconds. */
const PAUSE_MS = 150;

export interface LogState {
  index: LineIndex;
  lineCount: number;
  /** The end of what there is now has been reached. */
  caughtUp: boolean;
  problem: ApiProblem | undefined;
  retry: () => void;
}

/**
 * Reads the log of a run from its start and goes on where it stopped, so that nothing is lost or comes twice however often the
 * connection breaks. Reads on whenever `bytes` (what the server says there is) is more than what is here. For one run: give the component
 * a `key` of its id.
 */
export function useLog(runId: string, bytes: number, complete: boolean): LogState {
  const [index] = useState(() => new LineIndex());
  const [state, setState] = useState<{ lineCount: number; caughtUp: boolean; problem?: ApiProblem }>({
    lineCount: 0,
    caughtUp: false,
  });
  const [tries, setTries] = useState(0);

  useEffect(() => {
    if (index.bytes > 0 && index.bytes >= bytes) return;
    const stop = new AbortController();
    const pump = async () => {
      for (;;) {
        const begun = performance.now();
        const query = { offset: index.bytes, limit: index.bytes === 0 ? FIRST_PIECE : PIECE };
        const response = await send('GET', `${path('runs', runId)}/logs`, undefined, {
          query,
          signal: stop.signal,
          headers: { accept: 'text/plain' },
        });
        const data = new Uint8Array(await response.arrayBuffer());
        if (stop.signal.aborted) return;
        index.append(data);
        const caughtUp = data.length === 0 || index.bytes >= bytes;
        setState({ lineCount: index.lineCount, caughtUp });
        if (caughtUp) return;
        await pause(PAUSE_MS - (performance.now() - begun), stop.signal);
      }
    };
    // A little late, so that a burst of messages about a growing log ends in one request.
    const timer = setTimeout(
      () => {
        pump().catch((error: unknown) => {
          if (!stop.signal.aborted) setState((before) => ({ ...before, problem: toProblem(error) }));
        });
      },
      index.bytes === 0 ? 0 : PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [index, runId, bytes, complete, tries]);

  const retry = useCallback(() => setTries((before) => before + 1), []);
  return { index, lineCount: state.lineCount, caughtUp: state.caughtUp, problem: state.problem, retry };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
