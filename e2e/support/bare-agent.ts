import { randomBytes } from 'node:crypto';

interface Leased {
  id: string;
  attempt: number;
}

/** An agent that runs nothing: it reports and writes logs by hand, for logs of any size and states at any moment. */
export class BareAgent {
  private agentId = '';
  private readonly seq = new Map<string, number>();
  private readonly ends = new Map<string, number>();

  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  async register(queues: string[], name = 'by-hand'): Promise<this> {
    const { agentId } = await this.post<{ agentId: string }>('agents', {
      name,
      hostname: 'test',
      version: '0',
      queues,
      maxJobs: -1,
      instanceId: `hand-${randomBytes(6).toString('hex')}`,
    });
    this.agentId = agentId;
    return this;
  }

  async lease(max = 1): Promise<Leased[]> {
    const { runs } = await this.post<{ runs: Leased[] }>('lease', {
      agentId: this.agentId,
      max,
      waitSeconds: 10,
    });
    return runs;
  }

  /** Reports states or data, in order. */
  async report(run: Leased, ...events: { state?: string; [data: string]: unknown }[]): Promise<void> {
    await this.post(`runs/${run.id}/events`, {
      attempt: run.attempt,
      events: events.map(({ state, ...data }) => {
        const seq = (this.seq.get(`${run.id}/${run.attempt}`) ?? 0) + 1;
        this.seq.set(`${run.id}/${run.attempt}`, seq);
        return { seq, ...(state === undefined ? {} : { state }), at: new Date().toISOString(), data };
      }),
    });
  }

  /** Appends to the log, in chunks as large as the real agent's. */
  async log(run: Leased, text: string, where: { stream?: string; source?: string } = {}): Promise<void> {
    const bytes = Buffer.from(text);
    const size = 256 * 1024;
    for (let at = 0; at < bytes.length; at += size) {
      const data = bytes.subarray(at, at + size);
      const offset = this.ends.get(run.id) ?? 0;
      const query = new URLSearchParams({
        attempt: String(run.attempt),
        offset: String(offset),
        stream: where.stream ?? 'stdout',
        ...(where.source === undefined ? {} : { source: where.source }),
      });
      await this.send(`runs/${run.id}/logs?${query.toString()}`, data, 'application/octet-stream');
      this.ends.set(run.id, offset + data.length);
    }
  }

  private post<T = unknown>(path: string, body: unknown): Promise<T> {
    return this.send<T>(path, JSON.stringify(body), 'application/json');
  }

  private async send<T>(path: string, body: BodyInit, type: string): Promise<T> {
    const response = await fetch(`${this.baseUrl}/api/agent/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': type },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}
