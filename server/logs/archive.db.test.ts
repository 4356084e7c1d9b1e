import { afterAll, beforeAll, expect, it } from 'vitest';
import { logOutline, readLines, readLog, requeueRun, retention, searchLog } from '../runs';
import { enqueue, finish, startAgent } from '../runs/testing/agent';
import type { TestAgent } from '../runs/testing/agent';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededQueue, SeededUser, TestServices } from '../testing';
import { appendLog, archiveLogs } from '.';

let s: TestServices;
let user: SeededUser;
let queue: SeededQueue;
let agent: TestAgent;
beforeAll(async () => {
  s = await createTestServices({ config: { SLIPWAY_LOG_ARCHIVE_HOURS: 24, SLIPWAY_RETENTION_DAYS: 90 } });
  user = await seedUser(s);
  queue = await seedQueue(s, user.entity);
  agent = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
});
afterAll(() => s.close());

const LINES = Array.from({ length: 3000 }, (_, n) => `line ${n} ✓\n`);

/** A run that ended two days ago, with a log of two streams in many chunks. */
async function endedRun(): Promise<string> {
  await enqueue(s, user.actor, queue);
  const [run] = await agent.lease();
  if (!run) throw new Error('a run was launched');
  let offset = 0;
  for (let n = 0; n < LINES.length; n += 30) {
    const data = Buffer.from(LINES.slice(n, n + 30).join(''));
    const stream = n % 60 === 0 ? 'stdout' : 'stderr';
    ({ nextOffset: offset } = await appendLog(s, agent.actor, {
      runId: run.id,
      attempt: run.attempt,
      stream,
      offset,
      data,
      source: 'pod-1',
    }));
  }
  await finish(agent, run);
  await age(run.id, 2);
  return run.id;
}
const age = (id: string, days: number) =>
  s.pool.query(
    `UPDATE runs SET ended_at = ended_at - make_interval(days => $2), log_restored_at = log_restored_at - make_interval(days => $2) WHERE id = $1`,
    [id, days],
  );
const chunks = async (id: string) =>
  (await s.prisma.logChunk.findMany({ where: { runId: id }, orderBy: { offset: 'asc' } })).map((chunk) => ({
    ...chunk,
    data: Buffer.from(chunk.data).toString(),
  }));
const keyOf = async (id: string) => (await s.prisma.run.findUniqueOrThrow({ where: { id } })).logArchive;
const text = async (id: string) => {
  const { data, complete } = await readLog(s, user.actor, { id, offset: 0, limit: 10_000_000 });
  return { text: Buffer.from(data).toString(), complete };
};

it('moves the log of a run that ended a day ago, and gives it back as it was to whoever reads it', async () => {
  const id = await endedRun();
  const before = await chunks(id);
  expect(before.length).toBeGreaterThan(20);
  expect(await archiveLogs(s)).toEqual({ logs: 1, bytes: Buffer.byteLength(LINES.join('')) });
  expect(await chunks(id)).toEqual([]);
  const key = await keyOf(id);
  expect(key).not.toBeNull();
  expect(await s.blobs.exists(key ?? '')).toBe(true);

  // Two at once: one brings it back, the other waits.
  const [whole, page] = await Promise.all([text(id), readLines(s, user.actor, { id, from: 2000, limit: 2 })]);
  expect(whole).toEqual({ text: LINES.join(''), complete: true });
  expect(JSON.stringify(page)).toContain('line 2000 ✓');
  expect(await chunks(id)).toEqual(before);
  expect(await s.blobs.exists(key ?? '')).toBe(false);

  // It stays for a day, then goes again.
  expect(await archiveLogs(s)).toEqual({ logs: 0, bytes: 0 });
  await age(id, 2);
  expect(await archiveLogs(s)).toMatchObject({ logs: 1 });
  const found = await searchLog(s, user.actor, { id, q: 'line 2999', context: 0, limit: 5, regex: 'false' });
  expect(found.total).toBe(1);
});

it('leaves alone what runs, ended lately or has no log, and looks at each run once', async () => {
  const id = await endedRun();
  await age(id, -2);
  expect(await archiveLogs(s)).toEqual({ logs: 0, bytes: 0 });
  await age(id, 2);
  expect(await archiveLogs(s)).toMatchObject({ logs: 1 });
});

it('goes on behind its archive when the run is started again', async () => {
  const id = await endedRun();
  await archiveLogs(s);
  await requeueRun(s, user.actor, { id });
  const [run] = await agent.lease();
  expect(run?.id).toBe(id);
  const offset = Buffer.byteLength(LINES.join(''));
  const more = { runId: id, attempt: run?.attempt ?? 0, stream: 'stdout' as const };
  await appendLog(s, agent.actor, { ...more, offset, data: 'second try\n' });
  expect((await text(id)).text).toBe(`${LINES.join('')}second try\n`);
  const { total } = await logOutline(s, user.actor, { id });
  expect(total).toBe(LINES.length + 1);
  if (run) await finish(agent, run);
});

it('goes with the run when that is pruned', async () => {
  const id = await endedRun();
  await archiveLogs(s);
  const key = (await keyOf(id)) ?? '';
  await age(id, 100);
  await retention(s);
  expect(await s.blobs.exists(key)).toBe(false);
  expect(await text(id)).toEqual({ text: '', complete: true });
});

it('says what is wrong when the store has lost it, and loses nothing of the rest', async () => {
  const id = await endedRun();
  await archiveLogs(s);
  const key = (await keyOf(id)) ?? '';
  await s.blobs.delete(key);
  await expect(text(id)).rejects.toMatchObject({ status: 503, code: 'blob-missing' });
  expect(await keyOf(id)).toBe(key);
});
