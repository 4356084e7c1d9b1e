import type { JsonObject, RunState } from '@/core/wire';
import type { AgentClient } from '../client';

export interface ReporterOptions {
  runId: string;
  attempt: number;
  client: AgentClient;
  signal: AbortSignal;
  /** The server's answer asks for the run to be stopped. */
  onStop: () => void;
}

export interface RunReport {
  state?: RunState;
  data?: JsonObject;
}

/**
 * Reports the events of one lease, in order, each until the server has accepted it. The numbers make a repetition harmless. Times are
 * left to the server: the agent's clock does not count.
 */
export class Reporter {
  private seq = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly options: ReporterOptions) {}

  /** Resolves when this event and all before it are accepted; rejects with AgentRequestError when the lease is over. */
  report({ state, data = {} }: RunReport): Promise<void> {
    const seq = ++this.seq;
    const { client, runId, attempt, signal, onStop } = this.options;
    const sent = this.last.then(async () => {
      const answer = await client.report(runId, { attempt, events: [{ seq, state, data }] }, { signal });
      if (answer.stop) onStop();
    });
    this.last = sent;
    // Whoever reports next fails with the same error; here it only must not count as unhandled.
    sent.catch(() => undefined);
    return sent;
  }
}
