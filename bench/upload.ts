/**
 * A directory of 500 MB on its way from the command line to the agent that runs it: `npm run bench -- upload`. None of the three processes
 * may hold it in memory. Linux: reads the peak of resident memory from /proc, that of the whole life of each process.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { peakMegabytes } from '../e2e/support/memory';
import { ADMIN, System, until } from '../e2e/support/system';

const FILES = 10;
const FILE_BYTES = 50_000_000;
const LIMIT_MB = 300;

const system = await System.start();
try {
  const entity = ADMIN.username;
  await system.api()('POST', `/api/v1/entities/${entity}/queues`, { name: 'big', resource: 'local-process' });
  const agent = system.startAgent({ entity, queues: ['big'], token: await system.agentToken(entity) });
  const directory = path.join(system.dir, 'source');
  mkdirSync(directory);
  for (let i = 0; i < FILES; i += 1)
    writeFileSync(path.join(directory, `part-${i}`), randomBytes(FILE_BYTES));

  const atRest = peakMegabytes(system.server?.process.pid);
  const begin = performance.now();
  const cli = spawn(
    process.execPath,
    ['dist/cli.mjs', 'launch', '--path', directory, '-q', 'big', '--entry-point', 'ls -l', '--follow'],
    {
      env: { ...process.env, SLIPWAY_BASE_URL: system.baseUrl, SLIPWAY_API_KEY: system.apiKey },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  let ended: number | null | undefined;
  cli.once('exit', (code) => (ended = code));
  let client = 0;
  while (ended === undefined) {
    client = Math.max(client, peakMegabytes(cli.pid));
    await delay(100);
  }
  const [run] = await until(
    'the run',
    async () =>
      (await system.api()<{ items: { state: string }[] }>('GET', `/api/v1/entities/${entity}/runs`)).items,
    (items) => items.length === 1,
  );
  console.log(
    `500 MB packed, uploaded, fetched and run in ${((performance.now() - begin) / 1000).toFixed(1)} s; exit code ${String(ended)}, run ${run?.state ?? '?'}`,
  );
  const peaks = {
    'command line': client,
    server: peakMegabytes(system.server?.process.pid),
    agent: peakMegabytes(agent.process.pid),
  };
  console.log(`server         peak ${atRest.toFixed(0)} MB before the upload, its start included`);
  for (const [name, megabytes] of Object.entries(peaks))
    console.log(
      `${name.padEnd(14)} peak ${megabytes.toFixed(0)} MB  goal below ${LIMIT_MB} MB: ${megabytes < LIMIT_MB ? 'met' : 'NOT MET'}`,
    );
} finally {
  await system.stop();
}
