import { sleep } from '../../support/timing';

export interface PaceOptions {
  /** Calls a second at most. */
  perSecond: number;
  /** Calls that may go out at once after a pause. */
  burst: number;
}

/** How much slower than allowed it gets when a service throttles all the same: others use the same account. */
const SLOWEST = 16;

/**
 * Spreads calls in time, so that all runs of an agent together stay within what a service allows an account. Gets slower each time the
 * service throttles, and by and by fast again.
 */
export class Pace {
  private readonly interval: number;
  private factor = 1;
  /** When the next call may go out, by the monotonic clock, milliseconds. */
  private next = 0;

  constructor(private readonly options: PaceOptions) {
    this.interval = 1000 / options.perSecond;
  }

  /** Resolves when it is the caller's turn, or when `signal` is aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const step = this.interval * this.factor;
    this.next = Math.max(this.next, now - step * (this.options.burst - 1)) + step;
    this.factor = Math.max(1, this.factor * 0.98);
    const wait = this.next - step - now;
    if (wait > 0) await sleep(wait, signal);
  }

  /** The service has said that it is asked too often. */
  throttled(): void {
    this.factor = Math.min(SLOWEST, this.factor * 2);
  }
}
