import { reportAnswerSchema, reportsAnswerSchema, type ReportAnswer, type ReportRequest } from '@/core/wire';
import { AgentRequestError, isReason } from './errors';
import { toProblemError, type Post } from './http';

const ROOT = '/api/agent/v1';
/** Calls under way at once; what comes meanwhile gathers. */
const CALLS = 2;
/** Reports of one call, and their text, characters; the server takes 500 and 4 MiB. */
const MAX_REPORTS = 500;
const MAX_TEXT = 1_000_000;
/** Tries of a call that holds up others, before its reports go on trying each by itself. */
const TRIES = 3;

interface Waiting {
  runId: string;
  body: ReportRequest;
  size: number;
  signal: AbortSignal | undefined;
  settled: boolean;
  resolve: (answer: ReportAnswer) => void;
  reject: (error: Error) => void;
}

export type SendReport = (
  runId: string,
  body: ReportRequest,
  options?: { signal?: AbortSignal },
) => Promise<ReportAnswer>;

/**
 * The reports of all runs of an agent. On an idle agent each goes at once, by itself; those that come while calls are under way share
 * the next one, so that hundreds of runs that move at the same time cost the server a few calls. None waits for another for long: a call
 * that fails several times is given up, and its reports go on trying each alone (one of them may be what fails it).
 */
export function createReports(post: Post): SendReport {
  let waiting: Waiting[] = [];
  let underWay = 0;
  /** The server is older than the call for many. */
  let onlySingles = false;

  const single = ({ runId, body, signal }: Waiting, maxTries = Infinity) =>
    post(`${ROOT}/runs/${runId}/events`, body, reportAnswerSchema, {
      maxTries,
      ...(signal ? { signal } : {}),
    });

  const alone = (report: Waiting) => {
    if (!report.settled) void single(report).then(report.resolve, report.reject);
  };

  async function sendOne(report: Waiting): Promise<void> {
    try {
      report.resolve(await single(report, TRIES));
    } catch (error) {
      if (isReason(error, 'unreachable')) alone(report);
      else report.reject(error as AgentRequestError);
    }
  }

  async function sendMany(group: Waiting[]): Promise<void> {
    const call = new AbortController();
    const ends = group.map((report) => {
      const end = () => {
        report.reject(new AgentRequestError('aborted', 'The call was given up.'));
        if (group.every(({ settled }) => settled)) call.abort();
      };
      report.signal?.addEventListener('abort', end, { once: true });
      return () => report.signal?.removeEventListener('abort', end);
    });
    try {
      const reports = group.map(({ runId, body }) => ({ runId, ...body }));
      const { results } = await post(`${ROOT}/events`, { reports }, reportsAnswerSchema, {
        maxTries: TRIES,
        signal: call.signal,
      });
      group.forEach((report, index) => {
        const { answer, problem } = results[index] ?? {};
        if (answer) report.resolve(answer);
        else if (problem) report.reject(toProblemError(problem));
        else alone(report);
      });
    } catch (error) {
      if (isReason(error, 'not-found')) onlySingles = true;
      // Who may not call at all hears it at once; everything else may be the fault of one of them.
      if (isReason(error, 'unauthorized', 'forbidden')) group.forEach(({ reject }) => reject(error));
      else group.forEach(alone);
    } finally {
      for (const end of ends) end();
    }
  }

  function take(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const report of waiting) {
      size += report.size;
      if (count > 0 && (onlySingles || count >= MAX_REPORTS || size > MAX_TEXT)) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }

  function start(): void {
    waiting = waiting.filter(({ settled }) => !settled);
    while (waiting.length > 0 && (underWay < CALLS || onlySingles)) {
      const group = take();
      const [first] = group;
      underWay += 1;
      void (group.length === 1 && first ? sendOne(first) : sendMany(group)).finally(() => {
        underWay -= 1;
        start();
      });
    }
  }

  return (runId, body, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const report: Waiting = {
        runId,
        body,
        size: JSON.stringify(body).length,
        signal,
        settled: false,
        resolve: (answer) => {
          report.settled = true;
          resolve(answer);
        },
        reject: (error) => {
          report.settled = true;
          reject(error);
        },
      };
      waiting.push(report);
      // Reports of the same tick go together.
      if (waiting.length === 1) queueMicrotask(start);
    });
}
