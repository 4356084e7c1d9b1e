import type { FieldError } from '@/core/wire';

/** What kind of refusal it is; the HTTP status follows from it in one place (`STATUS`). */
export type ProblemKind =
  | 'unreadable'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'refused'
  | 'too-many-requests'
  | 'unavailable';

/** HTTP status of each kind (SPEC of the interface: 400, 401, 403, 404, 409, 413, 422, 429, 503). */
export const STATUS: Record<ProblemKind, number> = {
  unreadable: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  refused: 422,
  'too-many-requests': 429,
  unavailable: 503,
};

export interface ProblemOptions {
  /** Short machine-readable name, the last part of the problem's `type` (for example `stale-attempt`). */
  code?: string;
  errors?: FieldError[];
  /** Seconds after which the same call may succeed (429, 503). */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/**
 * A refusal that the caller can understand and act upon. `message` is shown to people as it is: it says what is wrong and what would
 * be right, and holds no secrets. Anything else that is thrown is a fault of ours and becomes a 500 without detail.
 */
export class ProblemError extends Error {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ProblemKind, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.kind = kind;
    this.code = options.code ?? kind;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return STATUS[this.kind];
  }
}

/** 422 with a list of what is wrong where. */
export const refused = (message: string, errors: FieldError[] = []) =>
  new ProblemError('refused', message, { errors });
export const notFound = (what: string) =>
  new ProblemError('not-found', `${what} does not exist, or you have no access to it.`);
export const conflict = (message: string, code?: string) =>
  new ProblemError('conflict', message, code ? { code } : {});
export const forbidden = (message: string) => new ProblemError('forbidden', message);
