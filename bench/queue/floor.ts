import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { generateRunId } from '@/core/launch-spec';
import { insertRuns, type NewRun } from '@/server/runs/enqueue-sql';
import { takeRuns } from '@/server/runs/lease-sql';
import { randomSlice } from '@/server/runs/random-slice';
import { applyReport } from '@/server/runs/report-apply';
import { checkEvents } from '@/server/runs/report-data';
import { lockRuns, writeRuns } from '@/server/runs/report-sql';
import { callsPerSecond } from '../lib/client';
import { endsWell } from '../lib/bench-system';
import type { Bench } from '../queue';

const SECONDS = 3;
const CALLERS = 4;
const BATCH = 100;
const RUNS = 20_000;
const RUN_ID_BYTES = 24;

/**
 * What PostgreSQL takes for the product's own statements, sent straight from here in batches: no HTTP, no keys, no checks, no messages.
 * Nothing that writes these rows into these tables can be faster on this machine.
 */
export async function benchFloor({ ours, report, rounds }: Bench): Promise<void> {
  const db = new pg.Pool({
    connectionString: ours.system.databaseUrl,
    max: CALLERS,
    options: '-c jit=off -c random_page_cost=1.1 -c enable_seqscan=off',
  });
  const launches: number[] = [];
  const work: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const queue = `floor-${round}`;
    await ours.createQueue(queue);
    const model = await modelOf(ours, queue);
    const insert = (count: number) =>
      insertRuns(
        db,
        Array.from({ length: count }, () => ({ ...model, id: generateRunId(randomSlice(RUN_ID_BYTES)) })),
      );
    const a = BATCH * (await callsPerSecond(CALLERS, SECONDS, () => insert(BATCH)));
    await db.query("UPDATE runs SET state = 'stopped', ended_at = now() WHERE queue_id = $1", [
      model.queueId,
    ]);
    await db.query('VACUUM (ANALYZE) runs');
    for (let left = RUNS; left > 0; left -= 1000) await insert(1000);
    const { id: agentId } = await ours.registerAgent(queue, [queue]);
    const begin = performance.now();
    await Promise.all(Array.from({ length: CALLERS }, () => drain(db, model.queueId, agentId)));
    const b = RUNS / ((performance.now() - begin) / 1000);
    if (round === 0) continue;
    launches.push(a);
    work.push(b);
  }
  await db.end();
  report.add({
    measure: `floor: rows of launches, batches of ${BATCH}, in SQL alone`,
    unit: 'a second',
    ours: launches,
  });
  report.add({
    measure: `floor: lease and report of ${BATCH}, in SQL alone`,
    unit: 'runs a second',
    ours: work,
  });
}

/** A run as the server would write it: of one that was launched. */
async function modelOf(ours: Bench['ours'], queue: string): Promise<NewRun> {
  const { id } = await ours.launch(queue);
  const { rows } = await ours.db.query(
    `SELECT r.entity_id AS "entityId", r.queue_id AS "queueId", r.project_id AS "projectId", r.queue_version AS "queueVersion", r.name,
            r.priority, r.author_id AS "authorId", r.author, s.spec, s.template_values AS "templateValues"
     FROM runs r JOIN run_specs s ON s.run_id = r.id WHERE r.id = $1`,
    [id],
  );
  return {
    ...(rows[0] as NewRun),
    notBefore: null,
    jobId: null,
    jobName: null,
    jobVersion: null,
    image: null,
    resourceArgs: null,
    labels: [],
    idempotency: null,
  };
}

async function drain(db: pg.Pool, queueId: string, agentId: string): Promise<void> {
  const { rows } = await db.query<{ session: number }>('SELECT session FROM agents WHERE id = $1', [agentId]);
  const demands = [{ agentId, session: rows[0]?.session ?? 0, slots: BATCH }];
  const { events } = endsWell({ id: randomUUID(), attempt: 1 });
  const checked = checkEvents(events as never);
  for (;;) {
    const runs = await takeRuns(db, {
      queueId,
      floors: [0, 0, 0, 0],
      demands,
      leaseSeconds: 3600,
      limited: false,
    });
    if (runs.length === 0) return;
    const client = await db.connect();
    await client.query('BEGIN');
    const locked = await lockRuns(
      client,
      runs.map(({ id }) => id),
      60,
    );
    const changes = [...locked.values()].map((before) => {
      const {
        run,
        events: made,
        submission,
      } = applyReport(before.progress, before.progress.attempt, checked, before.policy, before.now);
      return { before, after: run, events: made, submission };
    });
    await writeRuns(client, changes);
    await client.query('COMMIT');
    client.release();
  }
}
