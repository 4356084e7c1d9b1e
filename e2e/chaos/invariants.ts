import type { Installation } from './installation';
import type { Accepted } from './workload';

/** What is not as it must be, in words; empty when everything holds. */
export async function violations(
  installation: Installation,
  accepted: readonly Accepted[],
): Promise<string[]> {
  const ids = accepted.map(({ id }) => id);
  const checks = [
    endedOnce(installation, accepted),
    startedOnce(installation, accepted),
    inOrder(installation),
    fenced(installation, ids),
    Promise.resolve(installation.ledger.violations()),
    logsWhole(installation, accepted),
    countersTrue(installation),
  ];
  const found = (await Promise.all(checks)).flat();
  const named = ids.filter((id) => found.some((problem) => problem.includes(id))).slice(0, 5);
  return [...found, ...(await Promise.all(named.map((id) => historyOf(installation, id))))];
}

/** To understand a violation by. */
async function historyOf(installation: Installation, id: string): Promise<string> {
  const rows = await installation.query<{ line: string }>(
    `SELECT to_char(at, 'HH24:MI:SS.MS') || ' ' || attempt || ' ' || actor || ' ' || kind || ' ' || coalesce(state::text, '') || ' ' ||
            left(coalesce(data::text, ''), 200) AS line
     FROM run_events WHERE run_id = $1 ORDER BY seq`,
    [id],
  );
  return [`run ${id}:`, ...rows.map(({ line }) => line)].join('\n  ');
}

/** Each launch that was answered ends in one final state, and as its program ended. */
async function endedOnce(installation: Installation, accepted: readonly Accepted[]): Promise<string[]> {
  const rows = await installation.query<{
    id: string;
    state: string;
    exit_code: number | null;
    ends: string;
    message: string | null;
  }>(
    `SELECT r.id, r.state::text, r.exit_code, r.failure_message AS message, (
       SELECT count(*) FROM run_events e
       WHERE e.run_id = r.id AND e.kind = 'state' AND e.state IN ('finished', 'failed', 'stopped')) - (r.execution - 1) AS ends
     FROM runs r`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const extra = rows.length - accepted.length;
  return [
    ...(extra === 0 ? [] : [`${extra} more runs than launches that were answered`]),
    ...accepted.flatMap(({ id, exitCode }) => {
      const row = byId.get(id);
      if (!row) return [`run ${id} was accepted and is gone`];
      const wanted = exitCode === 0 ? 'finished' : 'failed';
      if (row.state !== wanted) return [`run ${id} is ${row.state}, not ${wanted}: ${row.message ?? ''}`];
      if (Number(row.ends) !== 1) return [`run ${id} ended ${row.ends} times`];
      if ((row.exit_code ?? 0) !== exitCode)
        return [`run ${id} has exit code ${row.exit_code}, not ${exitCode}`];
      return [];
    }),
  ];
}

/** By the programs' own journal, and by the API of the cluster: each was started once in each of its executions. */
function startedOnce(installation: Installation, accepted: readonly Accepted[]): Promise<string[]> {
  const starts = new Map(installation.cluster.created);
  for (const id of installation.journal()) starts.set(id, (starts.get(id) ?? 0) + 1);
  return Promise.resolve(
    accepted.flatMap(({ id, tries }) => {
      const count = starts.get(id) ?? 0;
      return count === tries ? [] : [`the program of run ${id} was started ${count} times, not ${tries}`];
    }),
  );
}

/** How long after a run came (back) into its queue every lease must have heard of it, milliseconds: what a server remembers lasts a second. */
const HEARD_OF_MS = 2500;
/** Leases of several servers at once take their heads together: they may be written in either order, milliseconds apart. */
const AT_ONCE_MS = 1000;

/**
 * In a queue, of two waiting runs of equal priority the one that came first is leased first, also when it had been leased before and was
 * put back.
 */
async function inOrder(installation: Installation): Promise<string[]> {
  const rows = await installation.query<{ id: string; line: string; seq: string; state: string; at: number }>(
    `SELECT r.id, r.queue_id || '/' || r.priority AS line, r.seq::text, e.state::text, extract(epoch FROM e.at)::float8 * 1000 AS at
     FROM run_events e JOIN runs r ON r.id = e.run_id WHERE e.state IN ('pending', 'leased') AND e.kind <> 'stop-requested'
     ORDER BY r.queue_id, r.priority, r.seq, e.seq`,
  );
  const lines = new Map<string, { id: string; seq: number; from: number; to: number }[]>();
  rows.forEach(({ id, line, seq, state, at }, index) => {
    const before = rows[index - 1];
    if (state !== 'leased' || before?.id !== id || before.state !== 'pending') return;
    lines.set(line, [...(lines.get(line) ?? []), { id, seq: Number(seq), from: before.at, to: at }]);
  });
  return [...lines.values()].flatMap((waits) =>
    waits.flatMap((first) => {
      const other = waits.find(
        ({ seq, to }) => seq > first.seq && to > first.from + HEARD_OF_MS && to + AT_ONCE_MS < first.to,
      );
      return other ? [`run ${other.id} overtook run ${first.id} of the same queue and priority`] : [];
    }),
  );
}

/** Once a newer attempt has written, an older one writes nothing more. */
async function fenced(installation: Installation, ids: readonly string[]): Promise<string[]> {
  const rows = await installation.query<{ run_id: string; seq: number }>(
    `SELECT run_id, seq FROM (
       SELECT run_id, seq, attempt, max(attempt) OVER (PARTITION BY run_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS highest
       FROM run_events WHERE run_id = ANY ($1)) AS e
     WHERE attempt < highest`,
    [ids],
  );
  return rows.map(
    ({ run_id, seq }) => `event ${seq} of run ${run_id} is of an older attempt than one before it`,
  );
}

/** The log is what the program wrote: no gap, no line twice. */
async function logsWhole(installation: Installation, accepted: readonly Accepted[]): Promise<string[]> {
  const rows = await installation.query<{ run_id: string; log: string }>(
    `SELECT run_id, convert_from(string_agg(data, ''::bytea ORDER BY "offset"), 'UTF8') AS log FROM log_chunks GROUP BY run_id`,
  );
  const logs = new Map(rows.map(({ run_id, log }) => [run_id, log]));
  return accepted.flatMap(({ id, lines, tries }) => {
    const wanted = Array.from({ length: lines * tries }, (_, i) => `line ${(i % lines) + 1}`).join('\n');
    const found = (logs.get(id) ?? '')
      .split('\n')
      .filter((line) => line.startsWith('line '))
      .join('\n');
    return found === wanted
      ? []
      : [`the log of run ${id} is not what it wrote: ${JSON.stringify(found.slice(0, 200))}`];
  });
}

/** What is kept beside the truth equals it. */
async function countersTrue(installation: Installation): Promise<string[]> {
  const rows = await installation.query<{ id: string; what: string }>(
    `SELECT r.id, 'log_bytes' AS what FROM runs r
     WHERE r.log_bytes <> coalesce((SELECT sum(length(c.data)) FROM log_chunks c WHERE c.run_id = r.id), 0)
     UNION ALL
     SELECT r.id, 'event_seq' FROM runs r WHERE r.event_seq <> (SELECT count(*) FROM run_events e WHERE e.run_id = r.id)
     UNION ALL
     SELECT r.id, 'a lease' FROM runs r WHERE r.state IN ('finished', 'failed', 'stopped') AND r.lease_expires_at IS NOT NULL`,
  );
  return rows.map(({ id, what }) => `run ${id}: ${what} is not what it should be`);
}
