import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ENTITY, type Installation } from './installation';
import type { Random } from './random';

/** A launch that was answered: from here on it must not be lost. */
export interface Accepted {
  id: string;
  queue: string;
  lines: number;
  exitCode: number;
}

/** Says in the journal that it was started, writes numbered lines, and ends as it is told. */
const program = (lines: number, pauseSeconds: number, exitCode: number): string =>
  `echo "$SLIPWAY_RUN_ID" >> "$JOURNAL"; i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i"; sleep ${pauseSeconds}; done; exit ${exitCode}`;

/**
 * Launches `count` runs, one after the other in each queue, each with an idempotency key and again until it is answered, as a careful
 * client does. `pace`: how long it waits between two.
 */
export async function launchAll(
  installation: Installation,
  count: number,
  random: Random,
  pace: () => number,
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (let n = 0; n < count; n += 1) {
    const queue = random.pick(installation.queues);
    const lines = random.between(1, 12);
    const exitCode = random.next() < 0.1 ? random.between(1, 5) : 0;
    const body = {
      entrypoint: ['sh', '-c', program(lines, random.pick([0, 0.02, 0.2]), exitCode)],
      env: { JOURNAL: installation.journalFile },
      ...(queue === installation.queues[0]
        ? { priority: random.pick(['critical', 'high', 'medium', 'low']) }
        : {}),
    };
    accepted.push({ id: await launchUntilAnswered(installation, queue, body), queue, lines, exitCode });
    await delay(pace());
  }
  return accepted;
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
        `${installation.proxy.url}/api/v1/entities/${ENTITY}/queues/${queue}/runs`,
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
