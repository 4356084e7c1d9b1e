import type { Page, Run, RunSummary } from '@/core/wire';
import { ADMIN, until, type System } from '../support/system';

export const ENTITY = ADMIN.username;

export const queuePath = (queue: string, ...rest: string[]): string =>
  ['', 'api/v1/entities', ENTITY, 'queues', queue, ...rest].join('/');

export const createQueue = (
  system: System,
  name: string,
  resource: string,
  more: Record<string, unknown> = {},
): Promise<unknown> =>
  system.api()('POST', `/api/v1/entities/${ENTITY}/queues`, {
    name,
    resource,
    config: { format: 'json', source: '{}' },
    ...more,
  });

export const launch = (system: System, queue: string, body: Record<string, unknown>): Promise<Run> =>
  system.api()<Run>('POST', queuePath(queue, 'runs'), body);

export const getRun = (system: System, id: string): Promise<Run> =>
  system.api()<Run>('GET', `/api/v1/runs/${id}`);

export const waitForState = (system: System, id: string, ...states: string[]): Promise<Run> =>
  until(
    `run ${id} in state ${states.join(' or ')}`,
    () => getRun(system, id),
    (run) => states.includes(run.state),
    90_000,
  );

export async function readLog(system: System, id: string): Promise<string> {
  let text = '';
  for (let offset = 0; ;) {
    const response = await fetch(`${system.baseUrl}/api/v1/runs/${id}/logs?offset=${offset}`, {
      headers: { authorization: `Bearer ${system.apiKey}` },
    });
    const part = Buffer.from(await response.arrayBuffer());
    const next = Number(response.headers.get('log-next-offset'));
    text += part.toString('utf8');
    if (part.length === 0 || next <= offset) return text;
    offset = next;
  }
}

export const listRuns = async (system: System, query: string): Promise<RunSummary[]> =>
  (await system.api()<Page<RunSummary>>('GET', `/api/v1/entities/${ENTITY}/runs?limit=200&${query}`)).items;
