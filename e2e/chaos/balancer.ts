import { Agent, createServer, request as call } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Passed {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** When it came to the balancer, milliseconds of `performance.now()`. */
  sentAt: number;
}
export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
type Witness = (request: Passed, answer: Answered, answeredAt: number) => void;

/** Reports that are kept so that they can come once more, late. */
const REMEMBERED = 300;
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/**
 * A load balancer between clients and several servers: takes one that answers, and can do what networks do. It cuts connections, refuses
 * new ones, holds requests back, swallows answers (the request was carried out, the client does not know: it will repeat it), sends a
 * request to two servers at once, and sends one again that was answered long ago. Answers are read to the end before they are passed on.
 */
export class Balancer {
  /** Sees every request that a server has answered. */
  witness: Witness = () => undefined;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  /** A connection a request: a server that goes away leaves none behind that seems good. */
  readonly #agent = new Agent({ keepAlive: false });
  readonly #recent: Passed[] = [];
  #next = 0;
  #down = false;
  #delayMs = 0;
  #swallow = false;
  #twice = false;

  private constructor(private readonly targets: () => readonly number[]) {
    this.#server = createServer((request, response) => void this.#take(request, response));
    this.#server.on('connection', (socket) => {
      if (this.#down) {
        socket.destroy();
        return;
      }
      this.#clients.add(socket);
      socket.on('close', () => this.#clients.delete(socket)).on('error', () => socket.destroy());
    });
  }

  /** `targets`: ports of the servers that may be asked. */
  static async start(targets: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(targets);
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve));
    return balancer;
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

  /** Requests are carried out, their answers cut off. */
  swallowAnswers(): void {
    this.#swallow = true;
  }

  /** Each request goes to two servers at once; the client gets the second answer. */
  doubleRequests(): void {
    this.#twice = true;
  }

  /** Sends the last reports of agents again as they were; nobody hears the answers. Resolves to how many were answered. */
  async repeatOld(): Promise<number> {
    const old = [...this.#recent];
    const answers = await Promise.allSettled(
      old.map((request) => this.#send({ ...request, sentAt: performance.now() })),
    );
    return answers.filter(({ status }) => status === 'fulfilled').length;
  }

  heal(): void {
    this.#down = false;
    this.#delayMs = 0;
    this.#swallow = false;
    this.#twice = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const passed: Passed = {
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: request.headers,
        body: Buffer.concat(chunks),
        sentAt: performance.now(),
      };
      if (/^\/api\/agent\/v1\/.*events$/.test(passed.path)) {
        this.#recent.push(passed);
        if (this.#recent.length > REMEMBERED) this.#recent.shift();
      }
      if (this.#delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
      const answers = await Promise.all(
        Array.from({ length: this.#twice ? 2 : 1 }, () => this.#send(passed, gone.signal)),
      );
      const answer = answers.at(-1);
      if (this.#swallow || !answer) throw new Error('swallowed');
      const headers = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name));
      response.writeHead(answer.status, Object.fromEntries(headers)).end(answer.body);
    } catch {
      request.socket.destroy();
    }
  }

  /** To the next server that takes connections, each asked once. */
  async #send(request: Passed, signal?: AbortSignal): Promise<Answered> {
    const ports = this.targets();
    const first = this.#next++;
    for (let tries = 0; ; tries += 1) {
      const port = ports[(first + tries) % Math.max(1, ports.length)];
      try {
        if (port === undefined) throw new Error('there is no server');
        const answer = await this.#ask(port, request, signal);
        this.witness(request, answer, performance.now());
        return answer;
      } catch (error) {
        const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
        if (!refused || tries + 1 >= ports.length) throw error;
      }
    }
  }

  #ask(port: number, { method, path, headers, body }: Passed, signal?: AbortSignal): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const { connection: _, 'transfer-encoding': __, ...rest } = headers;
      const asked = call(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          agent: this.#agent,
          headers: { ...rest, 'content-length': body.length },
          signal,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      asked.on('error', reject).end(body);
    });
  }
}
