import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isFinal, isInFlight, MAX_PREEMPTIONS } from '@/core/run-state';
import { ProblemError } from '@/core/problems';
import { retryPolicySchema } from '@/core/wire';
import { applyLoss } from './report-apply';
import {
  adopt,
  canAdopt,
  canLease,
  canRelease,
  historyProblems,
  lease,
  newRun,
  NOW,
  release,
  renew,
  report,
  requeue,
  stop,
  wake,
} from './testing/protocol';
import type { ModelEvent, ModelRun, Step } from './testing/protocol';
import { numbered, reportArbitrary } from './testing/reports';

/** Two agents do to one run whatever they can, in any order, with reports that are repeated, out of order, too late or of an older attempt. */
const agent = fc.constantFrom('a', 'b');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('lease' as const), agent }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('report' as const), report: reportArbitrary }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('release' as const),
      reason: fc.constantFrom('lease-expired' as const, 'agent-registered' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), force: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ do: 'requeue' as const }, { do: 'wake' as const }, { do: 'lose' as const }),
  },
);
const policy = retryPolicySchema.parse({ limit: 2, categories: ['oom', 'agent-lost'], exitCodes: [75] });

it('a run has one end, legal steps and the reports of one agent only, whatever comes in whatever order', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let { run, events } = newRun('run');
      /** Every lease that was ever given: their agents may go on reporting. */
      const leases: { attempt: number; said: number }[] = [];
      const take = (made: Step | null) => {
        if (made === null) return;
        run = made.run;
        events = [...events, ...made.events];
      };
      for (const each of steps) {
        const before = run;
        if (each.do === 'lease') {
          if (canAdopt(run)) take(adopt(run, each.agent));
          else if (canLease(run)) take(lease(run, each.agent));
          else continue;
          expect(run.progress.attempt).toBeGreaterThan(before.progress.attempt);
          leases.push({ attempt: run.progress.attempt, said: 0 });
        } else if (each.do === 'release') {
          if (canRelease(run)) take(release(run, each.reason));
        } else if (each.do === 'renew') {
          run = renew(run, each.agent, leases.at(-1)?.attempt ?? 0) ?? run;
        } else if (each.do === 'stop') {
          take(stop(run, each.force));
        } else if (each.do === 'requeue') {
          take(requeue(run));
        } else if (each.do === 'wake') {
          run = wake(run);
        } else if (each.do === 'lose') {
          if (canAdopt(run)) take(lost(run));
        } else {
          const of = leases.at(-1 - (each.report.of % Math.max(1, leases.length)));
          if (of === undefined) continue;
          const reported = numbered(each.report, of.said);
          const outcome = attempted(() => report(run, of.attempt, reported, policy));
          const progress = before.progress;
          if (outcome instanceof ProblemError) {
            reached.add(outcome.code);
            continue;
          }
          expect(of.attempt, 'the attempt of what was accepted').toBe(progress.attempt);
          const fresh = reported.filter(({ seq }) => seq > progress.agentSeq);
          if (fresh.length > 0) expect(isInFlight(progress.state)).toBe(true);
          expect(outcome.run.progress.agentSeq).toBe(progress.agentSeq + fresh.length);
          of.said = Math.max(of.said, outcome.run.progress.agentSeq);
          take(outcome);
          // Said once more, it changes nothing.
          const again = attempted(() => report(run, of.attempt, reported, policy));
          if (!(again instanceof ProblemError)) expect(again).toEqual({ run, events: [] });
        }
        if (isFinal(before.progress.state) && each.do !== 'requeue')
          expect(run.progress).toEqual(before.progress);
        expect(historyProblems(run, events)).toEqual([]);
        expect(run.progress.retries).toBeLessThanOrEqual(policy.limit);
        expect(run.progress.preemptions).toBeLessThanOrEqual(MAX_PREEMPTIONS);
        expect(endsOfExecution(events), 'ends of one execution').toBeLessThanOrEqual(1);
        reached.add(run.progress.state);
      }
    }),
    { numRuns: 2000 },
  );
  // Otherwise the above says nothing.
  for (const what of [
    'finished',
    'failed',
    'stopped',
    'pending',
    'stale-attempt',
    'event-gap',
    'illegal-move',
  ])
    expect(reached).toContain(what);
});

function lost(run: ModelRun): Step {
  const applied = applyLoss(run.progress, policy, 600, NOW);
  return {
    run: { ...run, orphaned: false, progress: applied.run },
    events: applied.events.map(({ seq, kind, state }) => ({
      seq,
      kind,
      state,
      attempt: run.progress.attempt,
    })),
  };
}

function attempted(act: () => Step): Step | ProblemError {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

/** How often the run has ended since it was last put back. */
function endsOfExecution(events: readonly ModelEvent[]): number {
  const since = events.findLastIndex(({ state }) => state === 'pending');
  return events
    .slice(since + 1)
    .filter(({ kind, state }) => kind === 'state' && state !== null && isFinal(state)).length;
}
