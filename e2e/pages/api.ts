import { expect, type APIRequestContext, type APIResponse } from '@playwright/test';
import type { Launch, Page, Queue, Run, RunState } from '@/core/wire';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a test needs a queue to have; the rest takes the defaults of the interface. */
export interface NewQueue {
  name: string;
  resource?: string;
  config?: { format: 'yaml' | 'json'; source: string };
  [setting: string]: unknown;
}

/** Calls of the HTTP interface as one user, to set up what a test is not about and to check what a page claims. */
export class Api {
  constructor(private readonly context: APIRequestContext) {}

  send(method: Method, path: string, body?: unknown): Promise<APIResponse> {
    return this.context.fetch(`/api/v1${path}`, { method, ...(body === undefined ? {} : { data: body }) });
  }

  async call<T = unknown>(method: Method, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    expect(response.ok(), `${method} ${path}: ${response.status()} ${text}`).toBe(true);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  createTeam(name: string): Promise<unknown> {
    return this.call('POST', '/entities', { name });
  }

  createQueue(entity: string, queue: NewQueue): Promise<Queue> {
    return this.call<Queue>('POST', `/entities/${entity}/queues`, {
      resource: 'local-process',
      config: { format: 'json', source: '{}' },
      ...queue,
    });
  }

  launch(entity: string, queue: string, launch: Partial<Launch>): Promise<Run> {
    return this.call<Run>('POST', `/entities/${entity}/queues/${queue}/runs`, launch);
  }

  run(id: string): Promise<Run> {
    return this.call<Run>('GET', `/runs/${id}`);
  }

  async runs(entity: string, query = ''): Promise<Page<Run>['items']> {
    return (await this.call<Page<Run>>('GET', `/entities/${entity}/runs?limit=200&${query}`)).items;
  }

  async untilState(id: string, state: RunState): Promise<Run> {
    await expect.poll(async () => (await this.run(id)).state, { timeout: 45_000 }).toBe(state);
    return this.run(id);
  }

  async agentToken(entity: string, queues: string[] = []): Promise<string> {
    const name = `Token of ${queues.join(', ') || entity}`;
    return (await this.call<{ token: string }>('POST', `/entities/${entity}/agent-tokens`, { name, queues }))
      .token;
  }
}

/** `queue-0` to `queue-<count - 1>`, some at a time. */
export async function createQueues(api: Api, team: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 20) {
    const numbers = Array.from({ length: Math.min(20, count - from) }, (_, index) => from + index);
    await Promise.all(numbers.map((number) => api.createQueue(team, { name: `queue-${number}` })));
  }
}
