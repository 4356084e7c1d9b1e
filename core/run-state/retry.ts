import type { Failure, RetryPolicy } from '@/core/wire';

/** A run that the platform takes away more often than this fails instead of going back to its queue. */
export const MAX_PREEMPTIONS = 5;

export interface RetryDecision {
  retry: boolean;
  /** Seconds from now before the run may be leased again; 0: at once. */
  delaySeconds: number;
  /** Whether the retry is taken from the limit of the policy. */
  countsAgainstLimit: boolean;
}

const NO_RETRY: RetryDecision = { retry: false, delaySeconds: 0, countsAgainstLimit: false };

/**
 * Whether a failed run goes back into its queue by itself. A policy asks for it by category or, for what the program itself returned,
 * by exit code. `retries` is how many counted retries the run has had. A lost agent never uses up the limit: where the policy
 * names `agent-lost`, it is retried whatever the count, after the first backoff.
 */
export function shouldRetry(
  policy: RetryPolicy,
  failure: Pick<Failure, 'category' | 'exitCode'>,
  retries: number,
): RetryDecision {
  const byCategory = policy.categories.includes(failure.category);
  if (failure.category === 'agent-lost') {
    return byCategory
      ? { retry: true, delaySeconds: backoff(policy, 0), countsAgainstLimit: false }
      : NO_RETRY;
  }
  const byExitCode = failure.exitCode !== null && policy.exitCodes.includes(failure.exitCode);
  if (!(byCategory || byExitCode) || retries >= policy.limit) return NO_RETRY;
  return { retry: true, delaySeconds: backoff(policy, retries), countsAgainstLimit: true };
}

const backoff = (policy: RetryPolicy, retries: number) =>
  Math.min(policy.maxBackoffSeconds, policy.backoffSeconds * 2 ** retries);

/** Whether a run that was preempted once more goes back to its queue; `preemptions` counts the earlier ones. */
export const shouldResumePreempted = (preemptions: number): boolean => preemptions < MAX_PREEMPTIONS;
