import { Pool } from 'undici';

/** A client that costs little: kept connections, no following of redirects; a refusal throws with the server's words. */
export class Client {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;

  constructor(baseUrl: string, key: string, connections: number) {
    this.#pool = new Pool(baseUrl, { connections, pipelining: 1, headersTimeout: 120_000, bodyTimeout: 0 });
    this.#headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  }

  async call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const { statusCode, body: answer } = await this.#pool.request({
      method,
      path,
      headers: this.#headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (statusCode >= 400) throw new Error(`${method} ${path}: ${statusCode} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Sends bytes as they are. */
  async bytes(path: string, data: Uint8Array): Promise<void> {
    const { statusCode, body: answer } = await this.#pool.request({
      method: 'POST',
      path,
      headers: { ...this.#headers, 'content-type': 'application/octet-stream' },
      body: data,
    });
    if (statusCode >= 400) throw new Error(`POST ${path}: ${statusCode} ${await answer.text()}`);
    await answer.dump();
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

/** Calls `once` from `callers` callers at a time until the time is up, and gives the number of calls a second. */
export async function callsPerSecond(
  callers: number,
  seconds: number,
  once: (caller: number) => Promise<unknown>,
): Promise<number> {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let calls = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < end) {
        await once(caller);
        calls += 1;
      }
    }),
  );
  return calls / ((performance.now() - begin) / 1000);
}
