import type { Run } from '@/core/wire';
import type { Actor } from '../access';
import type { Services } from '../services';
import { noRun, runEntity } from './door';
import type { RunRef } from './inputs';
import { isWaiting, SUMMARY_COLUMNS, SUMMARY_JOINS, toRun } from './run-rows';
import type { RunRow } from './run-rows';
import { waitingOf } from './waiting';

const SELECT = `
SELECT ${SUMMARY_COLUMNS}, r.external_ref AS "externalRef", r.preemptions, r.stop_requested_by AS "stopRequestedBy", r.log_bytes AS "logBytes",
       r.log_truncated AS "logTruncated", s.spec, s.template_values AS "templateValues", s.resource_args AS "resourceArgs"
FROM runs r JOIN run_specs s ON s.run_id = r.id ${SUMMARY_JOINS} WHERE r.id = $1`;

/** What the platform said, the latest first; the same warning again is counted, not repeated. */
const WARNINGS = `
SELECT data->>'reason' AS reason, data->>'message' AS message, count(*) AS count, max(at) AS "lastAt"
FROM run_events WHERE run_id = $1 AND kind = 'warning' GROUP BY 1, 2 ORDER BY max(at) DESC LIMIT 20`;
interface WarningRow {
  reason: string;
  message: string;
  count: number;
  lastAt: Date;
}

/** One run with everything its page shows. Viewers may. */
export async function getRun(s: Services, actor: Actor, { id }: RunRef): Promise<Run> {
  const entity = await runEntity(s, actor, id, 'viewer');
  const [runs, warnings] = await Promise.all([
    s.pool.query<RunRow>({ name: 'run-get', text: SELECT, values: [id] }),
    s.pool.query<WarningRow>({ name: 'run-warnings', text: WARNINGS, values: [id] }),
  ]);
  const [row] = runs.rows;
  if (!row) throw noRun(id);
  const waiting = isWaiting(row) ? ((await waitingOf(s, [row])).get(id) ?? null) : null;
  return toRun(
    row,
    waiting,
    warnings.rows.map(({ lastAt, ...rest }) => ({ ...rest, lastAt: lastAt.toISOString() })),
    actor,
    entity.role,
  );
}
