import { Worker } from 'node:worker_threads';
import { refused } from '@/core/problems';

/** Finds lines that match. */
export interface Matcher {
  /** For each text the index of the first match in it, -1 without one. */
  match(texts: string[]): Promise<number[]>;
  close(): Promise<void>;
}

/** Plain text, in any case of its letters. */
export function textMatcher(query: string): Matcher {
  const needle = query.toLowerCase();
  return {
    match: (texts) => Promise.resolve(texts.map((text) => text.toLowerCase().indexOf(needle))),
    close: () => Promise.resolve(),
  };
}

/** One message at a time: the answer to `texts` is the list of positions. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const expression = new RegExp(workerData, 'iu');
parentPort.on('message', (texts) => parentPort.postMessage(texts.map((text) => text.search(expression))));`;

/** Time a whole search may spend in the expression, milliseconds. */
const BUDGET_MS = 5000;

/**
 * A regular expression, in a thread of its own: some expressions take for ever on some lines (backtracking), and only a thread can be
 * ended. Refused (422) when it is no expression or its time is over.
 */
export function regexMatcher(pattern: string, budgetMs = BUDGET_MS): Matcher {
  try {
    new RegExp(pattern, 'iu');
  } catch (error) {
    const message = error instanceof Error ? error.message : 'is not a regular expression';
    throw refused(`The regular expression cannot be used: ${message}`, [{ path: 'q', message }]);
  }
  const worker = new Worker(WORKER, {
    eval: true,
    workerData: pattern,
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  worker.unref();
  let left = budgetMs;
  return {
    match: async (texts) => {
      const startedAt = performance.now();
      const positions = await ask(worker, texts, left);
      left -= performance.now() - startedAt;
      return positions;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

function ask(worker: Worker, texts: string[], timeoutMs: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      settle();
    };
    const onMessage = (positions: number[]) => finish(() => resolve(positions));
    const onError = (error: Error) => finish(() => reject(error));
    const timer = setTimeout(() => finish(() => reject(tooSlow())), Math.max(0, timeoutMs));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(texts);
  });
}

const tooSlow = () =>
  refused(
    'The search with this regular expression takes too long. Make it simpler, or search for plain text.',
    [{ path: 'q', message: 'takes too long on this log' }],
  );
