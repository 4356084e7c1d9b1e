import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ENTITY, type Installation } from './installation';
import type { Random } from './random';
import { TRY_AGAIN } from './cluster';

/** A launch that was answered: from here on it must not be lost. */
export interface Accepted {
  id: string;
  queue: string;
  lines: number;
  exitCode: number;
  /** How often its program has to be started, as it fails before the last time in a way that the queue tries again. */
  tries: number;
}

/** Says in the journal that it was started, writes numbered lines, and ends as it is told. */
const program = (lines: number, pauseMs: number, exitCode: number, tries: number): string =>
  [
    'echo "$SLIPWAY_RUN_ID" >> "$JOURNAL"',
    `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i"; sleep ${pauseMs / 1000}; done`,
    `if [ "$(grep -c "$SLIPWAY_RUN_ID" "$JOURNAL")" -lt ${tries} ]; then exit ${TRY_AGAIN}; fi`,
    `exit ${exitCode}`,
  ].join('; ');

/**
 * Launches `count` runs, `callers` at a time, each with an idempotency key and again until it is answered, as a careful client does.
 * `pace`: how long a caller waits between two.
 */
export async function launchAll(
  installation: Installation,
  count: number,
  random: Random,
  pace: () => number,
  callers = 1,
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  let left = count;
  const launching = async () => {
    while (left > 0) {
      left -= 1;
      accepted.push(await launchOne(installation, random));
      await delay(pace());
    }
  };
  await Promise.all(Array.from({ length: callers }, launching));
  return accepted;
}

async function launchOne(installation: Installation, random: Random): Promise<Accepted> {
  const queue = random.pick(installation.queues);
  const lines = random.between(1, 12);
  const exitCode = random.next() < 0.1 ? random.between(1, 5) : 0;
  const tries = random.next() < 0.15 ? 2 : 1;
  // Some outlast a lease, so that they are there when their agent is not.
  const pauseMs = random.next() < 0.1 ? 700 : random.pick([0, 20, 200]);
  const work =
    queue.resource === 'kubernetes'
      ? { image: 'example/program:1', env: { ORDERS: JSON.stringify({ lines, pauseMs, exitCode, tries }) } }
      : {
          entrypoint: ['sh', '-c', program(lines, pauseMs, exitCode, tries)],
          env: { JOURNAL: installation.journalFile },
        };
  const priority = queue.prioritized ? { priority: random.pick(['critical', 'high', 'medium', 'low']) } : {};
  const id = await launchUntilAnswered(installation, queue.name, { ...work, ...priority });
  return { id, queue: queue.name, lines, exitCode, tries };
}

async function launchUntilAnswered(
  installation: Installation,
  queue: string,
  body: unknown,
): Promise<string> {
  const key = randomUUID();
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      const response = await fetch(
        `${installation.balancer.url}/api/v1/entities/${ENTITY}/queues/${queue}/runs`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${installation.system.apiKey}`,
            'content-type': 'application/json',
            'idempotency-key': key,
          },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(10_000),
        },
      );
      const text = await response.text();
      if (response.ok) return (JSON.parse(text) as { id: string }).id;
      if (response.status < 500 && response.status !== 429)
        throw new Refused(`a launch was refused with ${response.status}: ${text}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    await delay(200);
  }
  throw new Error('a launch was not answered within a minute');
}

class Refused extends Error {}
