import type Docker from 'dockerode';
import { backoffDelay, sleep } from '../../support/timing';
import { exitOutcome } from '../exit';
import { MAX_LOG_ITEM_BYTES, type Outcome, type Watch, type WatchItem, type WatchOptions } from '../types';
import { engineMessage, engineStatus, isEngineAway, whenEngineAnswers } from './engine';
import { createEntryParser } from './log-entries';
import { LogReader, parseCursor } from './log-position';

type Container = Docker.Container;
type Inspect = Docker.ContainerInspectInfo;

/**
 * Follows a container that has been started. The log is followed over one connection; whenever it ends (the container ended, the
 * engine restarted) the container is looked at, and the log is read again from where it was left, until the container has ended and a
 * last reading has brought what the following may have missed.
 */
export function watchContainer(docker: Docker, name: string, { cursor, signal }: WatchOptions): Watch {
  let reader: LogReader | null = null;
  const container = docker.getContainer(name);

  async function* items(): AsyncGenerator<WatchItem, void> {
    const warnings: WatchItem[] = [];
    const patience = {
      signal,
      warn: (reason: string, message: string) => void warnings.push({ type: 'warning', reason, message }),
    };
    let info = await whenEngineAnswers(() => inspect(container), patience);
    if (info === null) {
      yield gone();
      return;
    }
    yield { type: 'running' };
    reader = new LogReader(info.Id, parseCursor(cursor, info.Id));
    let readable = true;
    for (let round = 0; ; round++) {
      const ended = !isAlive(info);
      if (readable) {
        try {
          yield* readLog(container, reader, { follow: !ended, signal });
        } catch (error) {
          if (signal.aborted) return;
          if (!isEngineAway(error) && engineStatus(error) !== 404 && engineStatus(error) !== undefined) {
            readable = false;
            yield {
              type: 'warning',
              reason: 'LogUnreadable',
              message: `The engine does not give the log: ${engineMessage(error)}`,
            };
          }
        }
      }
      if (signal.aborted) return;
      if (ended) {
        yield (await wasRemoved(container, info)) ? gone() : { type: 'ended', outcome: outcomeOf(info) };
        return;
      }
      await sleep(backoffDelay(Math.min(round, 3), { baseMs: 50, maxMs: 500 }), signal);
      info = await whenEngineAnswers(() => inspect(container), patience);
      yield* warnings.splice(0);
      if (info === null) {
        yield gone();
        return;
      }
    }
  }

  return {
    items: { [Symbol.asyncIterator]: items },
    cursor: (consumed) => reader?.cursor(consumed) ?? cursor ?? '',
  };
}

/** Null when there is no such container. */
export async function inspect(container: Container): Promise<Inspect | null> {
  try {
    return await container.inspect();
  } catch (error) {
    if (engineStatus(error) === 404) return null;
    throw error;
  }
}

export const isAlive = ({ State }: Inspect) => State.Running || State.Restarting || State.Paused;

async function* readLog(
  container: Container,
  reader: LogReader,
  { follow, signal }: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<WatchItem> {
  const query = { stdout: true, stderr: true, timestamps: true, since: reader.begin() };
  const parser = createEntryParser();
  if (!follow) {
    for (const entry of parser.push(await container.logs({ ...query, follow: false, abortSignal: signal }))) {
      yield* logItems(reader, entry);
    }
    return;
  }
  const stream = await container.logs({ ...query, follow: true, abortSignal: signal });
  for await (const bytes of stream) {
    for (const entry of parser.push(bytes as Buffer)) yield* logItems(reader, entry);
  }
}

function* logItems(reader: LogReader, entry: Parameters<LogReader['take']>[0]): Generator<WatchItem> {
  const data = reader.take(entry);
  for (let at = 0; data && at < data.length; at += MAX_LOG_ITEM_BYTES) {
    yield { type: 'log', stream: entry.stream, data: data.subarray(at, at + MAX_LOG_ITEM_BYTES) };
  }
}

function outcomeOf({ State, HostConfig }: Inspect): Outcome {
  const exitCode = State.ExitCode;
  if (State.OOMKilled && exitCode !== 0) {
    const limit = HostConfig.Memory ? `, ${Math.round(HostConfig.Memory / 2 ** 20)} MiB` : '';
    const message = `The program used more memory than its limit allows${limit} and was killed (exit code ${exitCode}).`;
    return { result: 'failed', failure: { phase: 'run', category: 'oom', message, exitCode } };
  }
  if (State.Error) {
    return {
      result: 'failed',
      failure: { phase: 'run', category: 'platform', message: State.Error, exitCode },
    };
  }
  return exitOutcome(exitCode, 'image');
}

/** `docker rm --force` first kills: the exit code of that says nothing of the program. */
async function wasRemoved(container: Container, { State }: Inspect): Promise<boolean> {
  if (State.ExitCode !== 137 || State.OOMKilled) return false;
  if (State.Dead || State.Status === 'removing') return true;
  return (await inspect(container).catch(() => undefined)) === null;
}

const gone = (): WatchItem => ({
  type: 'ended',
  outcome: {
    result: 'failed',
    failure: {
      phase: 'run',
      category: 'deleted',
      message: 'The container was removed from outside.',
      exitCode: null,
    },
  },
});
