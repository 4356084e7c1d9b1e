import type { JsonObject, RunState } from '@/core/wire';
import type { Outcome } from '../runners/types';

/** Null: none is known. */
export function exitCodeOf(outcome: Outcome | null): number | null {
  if (outcome?.result === 'succeeded') return outcome.exitCode;
  return outcome?.result === 'failed' ? outcome.failure.exitCode : null;
}

/** The final report of a run. */
export function toReport(
  outcome: Outcome | 'stopped',
  stopped: { exitCode: number | null; forced: boolean },
): { state: RunState; data: JsonObject } {
  if (outcome === 'stopped') return { state: 'stopped', data: { ...stopped } };
  switch (outcome.result) {
    case 'succeeded':
      return { state: 'finished', data: { exitCode: outcome.exitCode } };
    case 'failed':
      return { state: 'failed', data: { ...outcome.failure } };
    case 'preempted':
      return { state: 'preempted', data: { reason: outcome.reason } };
    case 'stopped':
      return { state: 'stopped', data: { ...stopped } };
  }
}
