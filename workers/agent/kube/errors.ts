import type { KubeStatus } from './types';

/** The API refused a request. `status` is the HTTP status; `message` is the API's own. */
export class KubeError extends Error {
  readonly reason: string;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly status: number,
    body: KubeStatus | null,
    retryAfter: string | undefined,
  ) {
    super(body?.message ?? `The Kubernetes API answered ${status}`);
    this.name = 'KubeError';
    this.reason = body?.reason ?? '';
    const seconds = Number(retryAfter ?? body?.details?.retryAfterSeconds ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 120) : null;
  }
}

/** No answer: refused connections, cut ones, time-outs, names that do not resolve. */
export class KubeUnreachable extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'KubeUnreachable';
  }
}

/** Credentials or configuration that cannot be used; the message says which and what to do. */
export class KubeConfigError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'KubeConfigError';
  }
}

export const kubeStatus = (error: unknown): number | undefined =>
  error instanceof KubeError ? error.status : undefined;

/** Whether the same request may be answered otherwise a little later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof KubeUnreachable) return true;
  if (!(error instanceof KubeError)) return false;
  // A quota that is being changed by somebody else at the same moment is a 409 that means "again".
  if (error.status === 409) return error.reason === 'Conflict';
  return error.status === 429 || error.status >= 500;
}
