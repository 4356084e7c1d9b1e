/** Lets one at a time do work under a name; the others wait for their turn. */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  /** Rejects with the reason of `signal` when it is aborted before the turn has come. */
  async take<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name);
    let end: () => void = () => undefined;
    const own = new Promise<void>((resolve) => (end = resolve));
    const mine = Promise.all([before, own]).then(() => undefined);
    this.last.set(name, mine);
    try {
      if (before) await abortable(before, signal);
      return await work();
    } finally {
      end();
      if (this.last.get(name) === mine) this.last.delete(name);
    }
  }
}

function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
