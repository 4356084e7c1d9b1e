import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { RE2JS } from 're2js';
import { refused } from '@/core/problems';

/** Finds the lines of a text that match. */
export interface Matcher {
  /** For each matching line two numbers: its index in the text, from 0, and where in it the first match begins. */
  match(text: string): Promise<number[]>;
  close(): Promise<void>;
}

/** Plain text, in any case of its letters. */
export function textMatcher(query: string): Matcher {
  const needle = query.toLowerCase();
  return {
    match: (text) => Promise.resolve(linesWith(text.toLowerCase(), needle)),
    close: () => Promise.resolve(),
  };
}

function linesWith(text: string, needle: string): number[] {
  const found: number[] = [];
  let line = 0;
  let lineStart = 0;
  for (let at = text.indexOf(needle); at !== -1;) {
    for (
      let end = text.indexOf('\n', lineStart);
      end !== -1 && end < at;
      end = text.indexOf('\n', lineStart)
    ) {
      line += 1;
      lineStart = end + 1;
    }
    found.push(line, at - lineStart);
    const next = text.indexOf('\n', at);
    at = next === -1 ? -1 : text.indexOf(needle, next);
  }
  return found;
}

/**
 * One message at a time: the answer to a text are pairs of line and position. `linear` walks with RE2's automaton, which no expression can
 * make slow; without it the engine of the platform is used, which is thirty times faster and needs for ever for a few expressions.
 */
const WORKER = `
const { parentPort, workerData: { pattern, linear } } = require('node:worker_threads');
let search;
if (linear === null) {
  const expression = new RegExp(pattern, 'iu');
  search = (line) => line.search(expression);
} else {
  const { RE2JS } = require(linear);
  const expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  search = (line) => { const m = expression.matcher(line); return m.find() ? m.start() : -1; };
}
parentPort.on('message', (text) => {
  const found = [];
  text.split('\\n').forEach((line, index) => {
    const at = search(line.endsWith('\\r') ? line.slice(0, -1) : line);
    if (at >= 0) found.push(index, at);
  });
  parentPort.postMessage(found);
});`;

/** Time that one piece of the log may take the fast engine before the linear one takes over, milliseconds. */
const FAST_MS = 400;
/** Time that a whole search may take, milliseconds. */
const BUDGET_MS = 20_000;
/** What both engines read alike: no POSIX classes, no flags in the middle. */
const DIALECT = /\[\[:|\(\?[a-zA-Z<]/;

/**
 * A regular expression in linear time: what RE2 reads, so without back references and look-around. Runs in a thread of its own.
 *
 * @throws ProblemError refused, when it is no such expression
 */
export function regexMatcher(pattern: string, fastMs = FAST_MS): Matcher {
  checkSyntax(pattern);
  let engine = fastEngine(pattern) ?? linearEngine(pattern);
  let left = BUDGET_MS;
  return {
    match: async (text) => {
      const startedAt = performance.now();
      try {
        if (engine.fast) {
          const found = await ask(engine.worker, text, fastMs);
          if (found !== null) return found;
          await engine.worker.terminate();
          engine = linearEngine(pattern);
        }
        const found = await ask(engine.worker, text, left);
        if (found === null)
          throw refused('The search takes too long on this log. Search for something simpler.', [
            { path: 'q', message: 'takes too long on this log' },
          ]);
        return found;
      } finally {
        left -= performance.now() - startedAt;
      }
    },
    close: async () => {
      await engine.worker.terminate();
    },
  };
}

function checkSyntax(pattern: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'is not a regular expression';
    throw refused(
      `The regular expression cannot be used: ${reason}. The syntax is RE2's: no back references and no look-around.`,
      [{ path: 'q', message: reason }],
    );
  }
}

interface Engine {
  worker: Worker;
  fast: boolean;
}

function fastEngine(pattern: string): Engine | undefined {
  if (DIALECT.test(pattern)) return undefined;
  try {
    new RegExp(pattern, 'iu');
  } catch {
    // RE2 reads more than the platform does (`\z`, `\Q…\E`): the linear engine takes those.
    return undefined;
  }
  return { worker: start(pattern, null), fast: true };
}

const linearEngine = (pattern: string): Engine => ({
  worker: start(pattern, createRequire(import.meta.url).resolve('re2js')),
  fast: false,
});

function start(pattern: string, linear: string | null): Worker {
  const worker = new Worker(WORKER, {
    eval: true,
    workerData: { pattern, linear },
    resourceLimits: { maxOldGenerationSizeMb: 192 },
  });
  worker.unref();
  return worker;
}

/** Null when the time is over. */
function ask(worker: Worker, text: string, timeoutMs: number): Promise<number[] | null> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      settle();
    };
    const onMessage = (found: number[]) => finish(() => resolve(found));
    const onError = (error: Error) => finish(() => reject(error));
    const timer = setTimeout(() => finish(() => resolve(null)), Math.max(0, timeoutMs));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(text);
  });
}
