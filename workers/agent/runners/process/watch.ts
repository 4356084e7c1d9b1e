import { z } from 'zod';
import { sleep } from '../../support/timing';
import { exitOutcome } from '../exit';
import type { Outcome, Watch, WatchItem, WatchOptions } from '../types';
import { executionId, exitCode, livingGroup, wasKilled, type RunDirectory } from './run-directory';
import { FileTail } from './tail';

const offsetsSchema = z.object({ stdout: z.int().min(0), stderr: z.int().min(0) });
const cursorSchema = offsetsSchema.extend({ execution: z.string() });
type Offsets = z.infer<typeof offsetsSchema>;

/** Looking for new output: often while there is some, less often the longer there is none. Milliseconds. */
const POLL = { firstMs: 25, maxMs: 200 };
/** How often a process without an exit code is looked up, milliseconds: only one that was killed with its shim is found so. */
const ALIVE_CHECK_MS = 1000;

/** Follows the output files of a process and waits for its exit code. */
export function watchProcess(directory: RunDirectory, { cursor, signal }: WatchOptions): Watch {
  let from: Offsets | null = null;
  let execution = '';

  const left = () => signal.aborted;

  async function* items(): AsyncGenerator<WatchItem> {
    execution = await executionId(directory);
    from = parseCursor(cursor, execution);
    const tails = {
      stdout: new FileTail(directory.stdout, from.stdout),
      stderr: new FileTail(directory.stderr, from.stderr),
    };
    /** A piece of each in turn, so that they come out as nearly interleaved as they were written. */
    async function* output(): AsyncGenerator<WatchItem> {
      for (let more = true; more && !left();) {
        more = false;
        for (const stream of ['stdout', 'stderr'] as const) {
          const data = await tails[stream].read();
          if (data === null) continue;
          more = true;
          yield { type: 'log', stream, data };
        }
      }
    }

    try {
      yield { type: 'running' };
      let wait = POLL.firstMs;
      let aliveCheckAt = 0;
      while (!left()) {
        // The end is looked for before the output is read, so that the last output is read after the end.
        let ended = (await exitCode(directory)) !== null;
        if (!ended && performance.now() >= aliveCheckAt) {
          ended = (await livingGroup(directory)) === null;
          aliveCheckAt = performance.now() + ALIVE_CHECK_MS;
        }
        let read = false;
        for await (const item of output()) {
          read = true;
          yield item;
        }
        if (left()) return;
        if (ended) {
          yield { type: 'ended', outcome: await outcome(directory) };
          return;
        }
        wait = read ? POLL.firstMs : Math.min(POLL.maxMs, wait * 1.5);
        await sleep(wait, signal);
      }
    } finally {
      await Promise.all([tails.stdout.close(), tails.stderr.close()]);
    }
  }

  return {
    items: { [Symbol.asyncIterator]: items },
    cursor: ({ stdout = 0, stderr = 0 }) =>
      from === null
        ? (cursor ?? '')
        : JSON.stringify({ execution, stdout: from.stdout + stdout, stderr: from.stderr + stderr }),
  };
}

/** Of another execution, or unreadable: from the beginning. */
function parseCursor(text: string | null, execution: string): Offsets {
  const beginning = { stdout: 0, stderr: 0 };
  try {
    const cursor = cursorSchema.parse(JSON.parse(text ?? ''));
    return cursor.execution === execution ? cursor : beginning;
  } catch {
    return beginning;
  }
}

async function outcome(directory: RunDirectory): Promise<Outcome> {
  const code = await exitCode(directory);
  if (code !== null) return exitOutcome(code, 'host');
  if (await wasKilled(directory)) return exitOutcome(137, 'host');
  return {
    result: 'failed',
    failure: {
      phase: 'run',
      category: 'platform',
      message:
        'The process disappeared without an exit code: it was killed from outside, or the machine was started anew.',
      exitCode: null,
    },
  };
}
