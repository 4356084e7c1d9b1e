import { performance } from 'node:perf_hooks';
import { Client } from 'pg';
import { ADMIN, System } from '../e2e/support/system';

const RUNS = 1_000_000;
const DAYS = 90;

/** A million runs of one queue over 90 days, with waits and lengths as they vary in practice, by ten authors on twenty jobs. */
async function fill(db: Client, entity: string, queue: string): Promise<void> {
  await db.query(`
    CREATE TEMP TABLE made AS
    SELECT n, now() - interval '${DAYS} days' + n * (interval '${DAYS} days' / ${RUNS}) AS created,
           make_interval(secs => -ln(1 - random()) * 240) AS wait, make_interval(secs => 30 + -ln(1 - random()) * 900) AS ran
    FROM generate_series(1, ${RUNS}) AS n`);
  await db.query(
    `INSERT INTO runs (id, entity_id, queue_id, queue_version, name, state, author, created_at, leased_at, started_at, ended_at, failure_category, failure_phase, event_seq)
     SELECT 'b' || lpad(to_hex(n), 9, '0'), $1, $2, 1, 'run-' || n,
            (CASE WHEN n % 11 = 0 THEN 'failed' WHEN n % 53 = 0 THEN 'stopped' ELSE 'finished' END)::run_state, 'author-' || n % 10,
            created, created + wait, created + wait + interval '2 s', created + wait + ran,
            CASE WHEN n % 11 = 0 THEN (ARRAY['oom', 'user-error', 'image-pull'])[1 + n % 3] END, CASE WHEN n % 11 = 0 THEN 'run' END, 0
     FROM made WHERE created + wait + ran < now()`,
    [entity, queue],
  );
  await db.query('ANALYZE runs');
}

const system = await System.start();
const db = new Client({ connectionString: system.databaseUrl });
try {
  await db.connect();
  const api = system.api();
  const entity = ADMIN.username;
  await api('POST', `/api/v1/entities/${entity}/queues`, { name: 'busy', resource: 'local-process' });
  const { rows } = await db.query<{ queue: string; entity: string }>(
    `UPDATE queues SET created_at = now() - interval '${DAYS} days' WHERE name = 'busy' RETURNING id AS queue, entity_id AS entity`,
  );
  const [ids] = rows;
  if (!ids) throw new Error('the queue was not made');
  // The worker must not add up a queue that is still being filled.
  await system.worker?.kill('SIGTERM');
  await db.query('DELETE FROM queue_stat_marks');
  let begun = performance.now();
  await fill(db, ids.entity, ids.queue);
  const { rows: counted } = await db.query<{ n: string }>('SELECT count(*) AS n FROM runs');
  console.log(
    `${counted[0]?.n ?? '0'} runs over ${DAYS} days made in ${((performance.now() - begun) / 1000).toFixed(1)} s`,
  );
  begun = performance.now();
  system.startWorker();
  for (;;) {
    const { rowCount } = await db.query(
      "SELECT 1 FROM queue_stat_marks WHERE until >= date_trunc('hour', now() - interval '3 minutes')",
    );
    if (rowCount) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.log(
    `added up by the worker for the first time in ${((performance.now() - begun) / 1000).toFixed(1)} s (its pause included)`,
  );
  for (const [name, days, query] of [
    ['90 days', 90, ''],
    ['90 days by author', 90, '&group=author'],
    ['90 days by job', 90, '&group=job'],
    ['30 days by author', 30, '&group=author'],
    ['7 days', 7, ''],
    ['1 day, run by run', 1, '&group=author'],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      const from = new Date(Date.now() - days * 86_400_000).toISOString();
      const start = performance.now();
      await api('GET', `/api/v1/entities/${entity}/queues/busy/metrics?from=${from}${query}`);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    console.log(
      `metrics of ${name.padEnd(20)} median ${(times[6] ?? 0).toFixed(0)} ms, slowest of 12 ${(times[11] ?? 0).toFixed(0)} ms`,
    );
  }
} finally {
  await db.end();
  await system.stop();
}
