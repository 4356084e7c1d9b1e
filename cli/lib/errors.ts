import type { FieldError, ProblemDocument } from '@/core/wire';

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server answered with a problem document: exit code 3 for refusals (4xx), 1 for its own faults. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly errors: FieldError[];

  constructor(
    readonly status: number,
    readonly problem: ProblemDocument,
  ) {
    super(problem.detail ?? problem.title);
    this.errors = problem.errors ?? [];
  }
}

/** No answer at all: exit code 4. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The one map from error to exit code. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof UnreachableError) return EXIT.unreachable;
  if (error instanceof ApiError) return error.status < 500 ? EXIT.refused : EXIT.failed;
  return EXIT.failed;
}

/** An error as lines for a person: what is wrong, then where. */
export function describeError(error: unknown): string {
  if (error instanceof ApiError) {
    // A single error is usually said in the message already.
    const lines = error.errors
      .map(({ path, message }) => `${path}: ${message}`)
      .filter((line) => !error.message.includes(line))
      .map((line) => `  ${line}`);
    return [
      error.message,
      ...lines,
      ...(error.status >= 500 && error.problem.requestId ? [`  request id ${error.problem.requestId}`] : []),
    ].join('\n');
  }
  return error instanceof Error ? error.message : String(error);
}
