import { errorCode, errorMessage } from '../support/timing';

/**
 * Why a cloud did not do what it was asked.
 * - `credentials`: none were found, they are wrong, or they have expired
 * - `denied`: known, but not allowed; `permission` says what is missing
 * - `not-found`: no such bucket, object, account
 * - `rate-limited`, `unavailable`, `timeout`: worth another try later
 * - `space`: a disk or quota is full
 * - `config`: name, address, region or project cannot be right
 */
export type CloudErrorReason =
  'credentials' | 'denied' | 'not-found' | 'rate-limited' | 'unavailable' | 'timeout' | 'space' | 'config';

/** What was being done when it failed. */
export interface CloudAction {
  /** As in "could not …": `write s3://bucket/key`. */
  doing: string;
  /** What the platform calls the right to do it. */
  permission?: string;
}

/** The one error of environments and stores. Its message is for people: what failed, why, what to do. It holds no credentials. */
export class CloudError extends Error {
  readonly permission: string | null;

  constructor(
    readonly reason: CloudErrorReason,
    message: string,
    { permission, cause }: { permission?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CloudError';
    this.permission = permission ?? null;
  }
}

/** Codes of Node for a server that cannot be reached. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE',
]); // prettier-ignore
const TIMEOUT_NAMES = new Set(['TimeoutError', 'AbortError']);

/** What all platforms have in common: no answer in time, no connection, by HTTP status. Null: something of the platform's own. */
export function commonError(
  error: unknown,
  platform: string,
  { doing, permission }: CloudAction,
  status: number | undefined,
): CloudError | null {
  if (error instanceof CloudError) return error;
  const make = (reason: CloudErrorReason, why: string) =>
    new CloudError(reason, `Could not ${doing}: ${why}`, { permission, cause: error });
  const code = errorCode(error);
  if ((error instanceof Error && TIMEOUT_NAMES.has(error.name)) || code === 'ETIMEDOUT') {
    return make(
      'timeout',
      `${platform} did not answer in time. Check the network of the agent and try again.`,
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return make('space', 'the disk of the agent is full.');
  if (code !== undefined && NETWORK_CODES.has(code)) {
    return make(
      'unavailable',
      `${platform} cannot be reached (${code}). Check the network of the agent, and that the address is right.`,
    );
  }
  if (status === undefined) return null;
  const said = firstLine(error);
  if (status === 403) {
    const needs = permission === undefined ? '' : ` The agent's identity needs ${permission}.`;
    return make('denied', `${platform} refused it.${needs} It said: ${said}`);
  }
  if (status === 429) return make('rate-limited', `${platform} takes no more requests now. Try again later.`);
  if (status >= 500) return make('unavailable', `${platform} failed with status ${status}: ${said}`);
  return null;
}

/**
 * What a platform said, fit to be shown: one line, and no query string, since signatures and tokens are in those.
 */
export function firstLine(error: unknown): string {
  const line = errorMessage(error).trim().split(/\r?\n/)[0] ?? '';
  const text = line.replace(/\?\S*/g, '').replace(/([a-z]+:\/\/)[^\s/@]*@/gi, '$1');
  return text.length > 400 ? `${text.slice(0, 400)}…` : text || 'nothing';
}
