import type { Answered, Passed } from './balancer';

/**
 * What agents and servers have said to each other, as the network saw it. The database alone cannot tell a report that should have been
 * refused: once it is written, it looks like one of the newer attempt.
 */
export class Ledger {
  /** Newest attempt of a run that anyone was told of, and when. */
  readonly #newest = new Map<string, { attempt: number; at: number }[]>();
  readonly #late: string[] = [];

  readonly see = (request: Passed, answer: Answered, answeredAt: number): void => {
    if (answer.status !== 200 || request.method !== 'POST') return;
    if (request.path === '/api/agent/v1/lease') {
      const { runs } = JSON.parse(answer.body.toString()) as { runs: { id: string; attempt: number }[] };
      for (const { id, attempt } of runs) this.#learn(id, attempt, answeredAt);
      return;
    }
    for (const { runId, attempt } of acceptedReports(request, answer)) {
      // Only what was sent after the newer lease had been answered: of two at the same time either may be first.
      const newer = this.#newest
        .get(runId)
        ?.find((known) => known.attempt > attempt && known.at < request.sentAt);
      if (newer)
        this.#late.push(
          `a report of attempt ${attempt} of run ${runId} was accepted although attempt ${newer.attempt} had begun`,
        );
      this.#learn(runId, attempt, answeredAt);
    }
  };

  violations(): string[] {
    return this.#late;
  }

  #learn(run: string, attempt: number, at: number): void {
    const known = this.#newest.get(run) ?? [];
    if (known.every((each) => each.attempt < attempt)) this.#newest.set(run, [...known, { attempt, at }]);
  }
}

interface Report {
  runId: string;
  attempt: number;
}

/** Of a call with the reports of one run, or of many, of which each is taken or refused by itself. */
function acceptedReports({ path, body }: Passed, answer: Answered): Report[] {
  const runId = /^\/api\/agent\/v1\/runs\/([^/]+)\/events$/.exec(path)?.[1];
  if (runId !== undefined) {
    const { attempt } = JSON.parse(body.toString()) as { attempt: number };
    return [{ runId, attempt }];
  }
  if (path !== '/api/agent/v1/events') return [];
  const { reports } = JSON.parse(body.toString()) as { reports: Report[] };
  const { results } = JSON.parse(answer.body.toString()) as { results: { answer: unknown }[] };
  return reports.filter((_, index) => results[index]?.answer !== null);
}
