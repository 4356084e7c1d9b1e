import { backoffDelay, errorMessage, sleep } from '../../support/timing';
import { RegistryError } from '../types';

/** Longest wait for one answer, milliseconds. */
const TIMEOUT_MS = 30_000;
const MAX_TRIES = 4;
const BACKOFF = { baseMs: 500, maxMs: 8000 };
/** Longest Retry-After that is waited for, milliseconds. */
const MAX_WAIT_MS = 30_000;

export interface Answer {
  status: number;
  headers: Headers;
  /** At most 64 KiB. */
  text: string;
}

export interface HttpLimits {
  timeoutMs: number;
  /** Wait before a repetition, milliseconds; `attempt` from 0. */
  delay: (attempt: number) => number;
}
export const HTTP_LIMITS: HttpLimits = {
  timeoutMs: TIMEOUT_MS,
  delay: (attempt) => backoffDelay(attempt, BACKOFF),
};

/**
 * One call to a registry or its token service, tried again on 429, 5xx and broken connections. Answers of any other status are given
 * back; what stays wrong becomes a RegistryError. `host`: for the message.
 */
export async function call(
  host: string,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: URLSearchParams },
  signal: AbortSignal,
  limits: HttpLimits = HTTP_LIMITS,
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const last = attempt + 1 >= MAX_TRIES;
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    let wait = limits.delay(attempt);
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, timeout]) });
      const { status, headers } = response;
      if (status !== 429 && status < 500)
        return { status, headers, text: (await response.text()).slice(0, 65_536) };
      await response.body?.cancel();
      if (last) throw refusal(host, status);
      const asked = Number(headers.get('retry-after')) * 1000;
      if (asked > 0) wait = Math.min(asked, MAX_WAIT_MS);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RegistryError) throw error;
      // Who was silent once for so long is not asked again: a run waits for this.
      if (timeout.aborted)
        throw new RegistryError(
          'timeout',
          `The registry ${host} did not answer within ${limits.timeoutMs / 1000} seconds.`,
          { cause: error },
        );
      if (last)
        throw new RegistryError(
          'unavailable',
          `The registry ${host} cannot be reached: ${errorMessage(error)}.`,
          { cause: error },
        );
    }
    await sleep(wait, signal);
    signal.throwIfAborted();
  }
}

/** What a status means that is no answer to the question. `right`: what the registry's platform calls the right that it takes. */
export function refusal(host: string, status: number, about = '', right?: string): RegistryError {
  switch (status) {
    case 401:
      return new RegistryError(
        'unauthorized',
        right !== undefined
          ? `The registry ${host} does not let the agent's identity in${about}. It needs ${right}.`
          : `The registry ${host} does not accept the credentials of the agent${about}, or the agent has none. Log in on its machine (docker login ${host}).`,
      );
    case 403:
      return new RegistryError(
        'forbidden',
        `The registry ${host} does not allow the agent access${about}. ${right === undefined ? 'Give its account the right to pull and push there.' : `Its identity needs ${right}.`}`,
      );
    case 429:
      return new RegistryError(
        'rate-limited',
        `The registry ${host} answers "too many requests" (429) and went on doing so. Try again later, or log in: it allows more to those it knows.`,
      );
    default:
      return status >= 500
        ? new RegistryError(
            'unavailable',
            `The registry ${host} answers with an error of its own (${status}). Try again later.`,
          )
        : new RegistryError(
            'unavailable',
            `The registry ${host} gave the unexpected answer ${status}${about}. Is this the address of a registry?`,
          );
  }
}
