import type { Logger } from 'pino';
import type { BusHandler, BusMessage } from './bus';

/** The subscribers of this process. One that throws is logged and does not keep the others from hearing. */
export class Subscribers {
  readonly #handlers = new Set<BusHandler>();
  readonly #gapHandlers = new Set<() => void>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  get size(): number {
    return this.#handlers.size;
  }

  add(handler: BusHandler): () => void {
    // A wrapper of its own: the same function may subscribe twice and end each by itself.
    const own: BusHandler = (message) => {
      handler(message);
    };
    this.#handlers.add(own);
    return () => this.#handlers.delete(own);
  }

  addGap(handler: () => void): () => void {
    const own = () => {
      handler();
    };
    this.#gapHandlers.add(own);
    return () => this.#gapHandlers.delete(own);
  }

  deliver(message: BusMessage): void {
    for (const handler of this.#handlers) this.#guard(() => handler(message));
  }

  gap(): void {
    for (const handler of this.#gapHandlers) this.#guard(handler);
  }

  clear(): void {
    this.#handlers.clear();
    this.#gapHandlers.clear();
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.error({ err: error }, 'a subscriber of the bus failed');
    }
  }
}
