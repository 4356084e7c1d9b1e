import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendLog, downloadLog, getRun, logOutline, readLines, readLog, searchLog } from '../runs';
import type { AppendLogInput } from '../runs';
import { enqueue, finish, startAgent } from '../runs/testing/agent';
import type { TestAgent } from '../runs/testing/agent';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededQueue, SeededUser, TestServices } from '../testing';

const MAX = 4 * 1024 * 1024;
let s: TestServices;
let user: SeededUser;
let queue: SeededQueue;
let agent: TestAgent;
beforeAll(async () => {
  s = await createTestServices({ config: { SLIPWAY_MAX_LOG_BYTES: MAX } });
  user = await seedUser(s);
  queue = await seedQueue(s, user.entity);
  agent = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
});
afterAll(() => s.close());

async function newRun() {
  await enqueue(s, user.actor, queue);
  const [run] = await agent.lease();
  if (!run) throw new Error('a run was launched');
  const append = (offset: number, data: string | Uint8Array, rest: Partial<AppendLogInput> = {}) =>
    appendLog(s, agent.actor, {
      runId: run.id,
      attempt: run.attempt,
      stream: 'stdout',
      offset,
      data,
      ...rest,
    });
  const read = (offset = 0, limit = 8 * MAX) => readLog(s, user.actor, { id: run.id, offset, limit });
  const text = async () => Buffer.from((await read()).data).toString();
  return { run, append, read, text };
}

describe('a log', () => {
  it('is read from any offset, over chunks of any size, and is complete when the run has ended', async () => {
    const { run, append, read } = await newRun();
    const pieces = ['hello ', 'wörld\n', '', 'x'.repeat(5000), '\nend\n'];
    let offset = 0;
    for (const piece of pieces) offset = (await append(offset, piece)).nextOffset;
    const whole = Buffer.from(pieces.join(''));
    expect(offset).toBe(whole.length);
    for (const [from, limit] of [
      [0, 3],
      [4, 5],
      [7, 1],
      [10, 6000],
      [offset - 1, 10],
      [offset, 10],
      [offset + 99, 10],
    ] as const) {
      const piece = await read(from, limit);
      expect(Buffer.from(piece.data)).toEqual(whole.subarray(from, from + limit));
      expect(piece.nextOffset).toBe(Math.min(Math.max(from, 0) + piece.data.length, offset));
      expect(piece.complete).toBe(false);
    }
    await finish(agent, run);
    expect((await read(0, 10)).complete).toBe(false);
    expect((await read(10)).complete).toBe(true);
    expect((await getRun(s, user.actor, { id: run.id })).log).toEqual({
      bytes: offset,
      truncated: false,
      complete: true,
    });
  });

  it('keeps bytes as they are', async () => {
    const { append, read } = await newRun();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await append(0, bytes);
    await append(256, bytes.toString('base64'), { encoding: 'base64' });
    expect(Buffer.from((await read()).data)).toEqual(Buffer.concat([bytes, bytes]));
    await expect(append(512, '%%%', { encoding: 'base64' })).rejects.toMatchObject({ kind: 'refused' });
  });

  it('takes a repeated chunk once, trims an overlap, and refuses a gap with the offset it expects', async () => {
    const { run, append, text } = await newRun();
    await append(0, 'abcdef');
    expect(await append(0, 'abcdef')).toEqual({ nextOffset: 6, truncated: false });
    expect(await append(3, 'defghi')).toEqual({ nextOffset: 9, truncated: false });
    await expect(append(10, 'k')).rejects.toMatchObject({
      code: 'log-gap',
      message: expect.stringContaining('offset 9') as string,
    });
    expect(await text()).toBe('abcdefghi');
    await expect(append(9, 'j', { attempt: run.attempt + 1 })).rejects.toMatchObject({
      code: 'stale-attempt',
    });
    await finish(agent, run);
    expect(await append(3, 'defghi')).toEqual({ nextOffset: 9, truncated: false });
    await expect(append(9, 'late')).rejects.toMatchObject({ code: 'stale-attempt' });
  });

  it('stays in order when chunks race', async () => {
    const { append, text } = await newRun();
    await Promise.all(Array.from({ length: 8 }, () => append(0, 'once\n')));
    expect(await text()).toBe('once\n');
  });

  it('is cut at its limit, between characters, and says so; what follows is accepted and forgotten', async () => {
    const { run, append, read, text } = await newRun();
    await append(0, Buffer.alloc(MAX - 1, 'a'));
    expect(await append(MAX - 1, 'ééé')).toEqual({ nextOffset: MAX + 5, truncated: true });
    expect(await append(MAX + 5, 'more')).toEqual({ nextOffset: MAX + 9, truncated: true });
    const tail = (await text()).slice(-200);
    expect(tail).toMatch(
      /a\n\[slipway\] The log is cut here: it has reached its limit of 4194304 bytes\. The run goes on\.\n$/,
    );
    expect(tail).not.toContain('\uFFFD');
    await finish(agent, run);
    expect((await read(MAX - 10)).complete).toBe(true);
    expect((await getRun(s, user.actor, { id: run.id })).log.truncated).toBe(true);
  });

  it('goes on over attempts, and tells the next agent where it stands', async () => {
    const { run, append, text } = await newRun();
    await append(0, 'first\n', { cursor: 'c1' });
    await agent.report(run, { state: 'running' }, { state: 'preempted' });
    const [again] = await agent.lease();
    await append(6, 'second\n', { attempt: again?.attempt });
    expect(await text()).toBe('first\nsecond\n');
    await agent.report(again ?? run, { state: 'finished' });
  });
});

describe('search', () => {
  it('finds text and expressions in any case over the whole log, with line, offset and lines around', async () => {
    const { run, append } = await newRun();
    const lines = Array.from({ length: 40_000 }, (_, index) =>
      index % 10_000 === 5 ? `\u001b[31mError\u001b[0m in step ${index}` : `step ${index} ok`,
    );
    const whole = Buffer.from(lines.join('\n'));
    let offset = 0;
    while (offset < whole.length)
      offset = (await append(offset, whole.subarray(offset, offset + 100_003))).nextOffset;
    const search = (q: string, rest: { regex?: 'true'; context?: number; limit?: number } = {}) =>
      searchLog(s, user.actor, { id: run.id, q, regex: 'false', context: 0, limit: 200, ...rest });
    const found = await search('error in', { context: 1 });
    expect(found).toMatchObject({ total: 4, truncated: false });
    expect(found.hits[1]).toEqual({
      line: 10_006,
      row: 10_005,
      offset: whole.indexOf('\u001b[31mError\u001b[0m in step 10005'),
      text: 'Error in step 10005',
      before: ['step 10004 ok'],
      after: ['step 10006 ok'],
    });
    expect((await search('step (20005|39999)', { regex: 'true' })).hits.map(({ line }) => line)).toEqual([
      20_006, 40_000,
    ]);
    expect(await search('ok', { limit: 2 })).toMatchObject({ total: 39_996, truncated: true });
    await expect(search('(', { regex: 'true' })).rejects.toMatchObject({ kind: 'refused' });
  });

  it('shows the part of a 1 MB line where the hit is, and answers expressions that never end elsewhere', async () => {
    const { run, append } = await newRun();
    const line = `${'a'.repeat(600_000)}needle${'b'.repeat(400_000)}`;
    await append(0, `first\n${line}\nlast needle\n`);
    const search = (q: string, regex: 'true' | 'false' = 'false') =>
      searchLog(s, user.actor, { id: run.id, q, regex, context: 0, limit: 10 });
    const { hits } = await search('needle');
    expect(hits.map((hit) => hit.line)).toEqual([2, 3]);
    expect(hits[0]?.text).toContain('needle');
    expect(hits[0]?.text.length).toBeLessThan(500);
    expect((await search('(a+)+(st )?needle$', 'true')).hits.map((hit) => hit.line)).toEqual([3]);
    await expect(search('(a)\\1', 'true')).rejects.toMatchObject({ kind: 'refused' });
  }, 60_000);
});

describe('lines of a log', () => {
  const page = (id: string, rest: Partial<Parameters<typeof readLines>[2]> = {}) =>
    readLines(s, user.actor, { id, limit: 500, ...rest });

  it('come from any row on, over chunks of any size, the last ones first of all', async () => {
    const { run, append } = await newRun();
    const lines = Array.from({ length: 3000 }, (_, i) => `${'x'.repeat(i % 50)} line ${i + 1}`);
    const bytes = Buffer.from(lines.join('\n'));
    let offset = 0;
    for (let size = 1; offset < bytes.length; size = (size * 7) % 4099)
      offset = (await append(offset, bytes.subarray(offset, offset + size))).nextOffset;
    expect(await page(run.id, { limit: 2 })).toMatchObject({
      from: 2998,
      total: 3000,
      complete: false,
      lines: [{ number: 2999 }, { number: 3000, text: lines[2999] }],
    });
    for (const from of [0, 1, 777, 1500, 2999]) {
      const { lines: got } = await page(run.id, { from, limit: 3 });
      expect(got.map((line) => line.text)).toEqual(lines.slice(from, from + 3));
      for (const line of got)
        expect(bytes.subarray(line.offset, line.offset + line.bytes).toString()).toBe(line.text);
    }
    expect((await page(run.id, { from: 5000 })).lines).toEqual([]);
  });

  it('pass by stream and writer with their numbers in the whole, for search too', async () => {
    const { run, append } = await newRun();
    let offset = 0;
    for (const [data, rest] of [
      ['Step 1\nStep 2\n', { stream: 'build' }],
      ['a1\na2\n', { source: 'pod-a' }],
      ['b1 oops\n', { source: 'pod-b', stream: 'stderr' }],
      ['a3\n', { source: 'pod-a' }],
    ] as const)
      offset = (await append(offset, data, rest)).nextOffset;
    const numbers = async (rest: Parameters<typeof page>[1]) =>
      (await page(run.id, rest)).lines.map((line) => [line.number, line.text]);
    expect(await numbers({ source: 'pod-a' })).toEqual([
      [3, 'a1'],
      [4, 'a2'],
      [6, 'a3'],
    ]);
    expect(await numbers({ source: 'pod-a', from: 2 })).toEqual([[6, 'a3']]);
    expect(await numbers({ stream: ['stderr', 'build'], from: 1 })).toEqual([
      [2, 'Step 2'],
      [5, 'b1 oops'],
    ]);
    const found = await searchLog(s, user.actor, {
      id: run.id,
      q: 'A',
      regex: 'false',
      context: 0,
      limit: 10,
      source: 'pod-a',
    });
    expect(found).toMatchObject({ rows: [0, 1, 2], searched: 3 });
    expect(found.hits.map((hit) => hit.line)).toEqual([3, 4, 6]);
    const outline = await logOutline(s, user.actor, { id: run.id });
    expect(outline.phases.map(({ kind, firstLine }) => [kind, firstLine])).toEqual([
      ['build', 1],
      ['run', 3],
    ]);
    expect(outline.writers).toContainEqual({ stream: 'stderr', source: 'pod-b', lines: 1, bytes: 8 });
  });

  it('are divided by the groups that a program announces', async () => {
    const { run, append } = await newRun();
    const first = 'start\n--- \u001b[1mInstall\u001b[0m\nok\nx ';
    await append(0, first);
    await append(first.length, '--- not at the begin\n+++ Train\n~~~ Clean up\n');
    expect((await logOutline(s, user.actor, { id: run.id })).groups).toEqual([
      { line: 2, kind: 'folded', title: 'Install' },
      { line: 5, kind: 'open', title: 'Train' },
      { line: 6, kind: 'quiet', title: 'Clean up' },
    ]);
  });

  it('of a log that an older release wrote are counted once, also while it grows', async () => {
    const { run, append, text } = await newRun();
    let { nextOffset } = await append(0, 'eins\n\\n zw');
    ({ nextOffset } = await append(nextOffset, 'ei ü\n--- drei\n'));
    await s.pool.query('UPDATE runs SET log_lines = NULL WHERE id = $1', [run.id]);
    await s.pool.query('UPDATE log_chunks SET line = NULL, lines = NULL, grouped = false WHERE run_id = $1', [
      run.id,
    ]);
    ({ nextOffset } = await append(nextOffset, 'vier\nfünf'));
    const { lines, total } = await page(run.id, { from: 1 });
    expect(total).toBe(5);
    expect(lines.map((line) => line.text)).toEqual((await text()).split('\n').slice(1));
    expect((await logOutline(s, user.actor, { id: run.id })).groups).toHaveLength(1);
    await append(nextOffset, '\nsechs\n');
    expect((await page(run.id, { from: 5 })).lines).toMatchObject([{ number: 6, text: 'sechs' }]);
  });

  it('are downloaded as written, or as they are read', async () => {
    const { run, append } = await newRun();
    const raw = '\u001b[31mred\u001b[0m\n10%\r100%\nend';
    await append(0, raw);
    const download = async (format: 'raw' | 'text') => {
      const pieces = await downloadLog(s, user.actor, { id: run.id, format, timestamps: 'false' });
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(piece);
      return Buffer.concat(all).toString();
    };
    expect(await download('raw')).toBe(raw);
    expect(await download('text')).toBe('red\n100%\nend\n');
  });
});
