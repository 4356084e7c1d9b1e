import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A TCP proxy between clients and several servers: it goes on to one that answers, as a load balancer does, and can cut every connection,
 * refuse new ones, hold back bytes, and swallow answers (the request has arrived, the client does not know: it will repeat it).
 */
export class Proxy {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  #next = 0;
  #down = false;
  #delayMs = 0;
  #swallow = false;

  private constructor(private readonly targets: () => readonly number[]) {
    this.#server = createServer((client) => {
      this.#take(client);
    });
  }

  /** `targets`: ports of the servers that may be asked. */
  static async start(targets: () => readonly number[]): Promise<Proxy> {
    const proxy = new Proxy(targets);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every connection ends now, in the middle of whatever it carries. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** New connections are refused too, until `heal`. */
  goDown(): void {
    this.#down = true;
    this.cut();
  }

  /** Requests arrive late by this much. */
  slow(ms: number): void {
    this.#delayMs = ms;
  }

  /** Requests arrive, their answers are cut off: what was done will be asked for once more. */
  swallowAnswers(): void {
    this.#swallow = true;
  }

  heal(): void {
    this.#down = false;
    this.#delayMs = 0;
    this.#swallow = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #take(client: Socket): void {
    const ports = this.targets();
    const port = ports[this.#next++ % Math.max(1, ports.length)];
    if (this.#down || port === undefined) {
      client.destroy();
      return;
    }
    this.#clients.add(client);
    const server = connect(port, '127.0.0.1');
    const end = () => {
      this.#clients.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.on('data', (data) => {
      const delay = this.#delayMs;
      if (delay === 0) server.write(data);
      else setTimeout(() => server.destroyed || server.write(data), delay);
    });
    server.on('data', (data) => {
      if (this.#swallow) end();
      else client.write(data);
    });
  }
}
