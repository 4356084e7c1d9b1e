import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { backoffDelay, errorCode, errorMessage, sleep } from '../../support/timing';
import type { Patience } from '../types';

const run = promisify(execFile);

/**
 * The engine that the `docker` command line talks to: DOCKER_HOST, else the endpoint of the current context (rootless Docker, Docker
 * Desktop and Colima set one), else the default socket. Both ways in (command line and socket) must mean the same engine.
 */
export async function connectEngine(): Promise<Docker> {
  if (process.env['DOCKER_HOST']) return new Docker();
  const endpoint = await contextEndpoint();
  return endpoint?.startsWith('unix://')
    ? new Docker({ socketPath: endpoint.slice('unix://'.length) })
    : new Docker();
}

async function contextEndpoint(): Promise<string | null> {
  try {
    const { stdout } = await run('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], {
      timeout: 5000,
    });
    return stdout.trim() || null;
  } catch {
    // No command line, or one without contexts: the default socket then.
    return null;
  }
}

/** Whether an engine answers within two seconds. */
export async function engineAnswers(): Promise<boolean> {
  const answered = new AbortController();
  try {
    const docker = await connectEngine();
    return await Promise.race([
      docker.ping().then(() => true),
      sleep(2000, answered.signal).then(() => false),
    ]);
  } catch {
    return false;
  } finally {
    answered.abort();
  }
}

const AWAY_CODES = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES',
]); // prettier-ignore

/** HTTP status of an answer of the engine that is an error. */
export const engineStatus = (error: unknown): number | undefined => {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
};

/** Whether an error means that no engine answers (stopped, restarting, no right to its socket), not that it refused something. */
export const isEngineAway = (error: unknown): boolean =>
  engineStatus(error) === undefined && AWAY_CODES.has(errorCode(error) ?? '');

/** The engine's own words: its JSON message without the client's wrapping. */
export function engineMessage(error: unknown): string {
  const message = (error as { json?: { message?: unknown } } | null)?.json?.message;
  return typeof message === 'string' ? message : errorMessage(error);
}

const WAIT_FOR_ENGINE = { baseMs: 250, maxMs: 5000 };

/** Does `action`, again and again while no engine answers, which is told once. Given up with the last error. */
export async function whenEngineAnswers<T>(action: () => Promise<T>, { signal, warn }: Patience): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!isEngineAway(error) || signal.aborted) throw error;
      if (attempt === 0) warn?.(...engineAway(errorMessage(error)));
      await sleep(backoffDelay(attempt, WAIT_FOR_ENGINE), signal);
    }
  }
}

/** The warning on a run that waits for its engine. */
export const engineAway = (why: string): [reason: string, message: string] => [
  'DockerUnavailable',
  `No Docker engine answers: ${why}. Waiting for it.`,
];
