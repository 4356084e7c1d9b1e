import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIN_PIECE_BYTES } from '@/core/wire';
import type { Artifact } from '@/core/wire';
import { cleanUpArtifacts } from '../artifacts';
import { archiveOf, uploaded } from '../artifacts/testing/archive';
import { enqueue, startAgent } from '../runs/testing/agent';
import { createTestServices, seedAgentToken, seedApiKey, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import { createApp } from './app';
import type { HttpApp } from './app';
import { createClient } from './testing/client';

let s: TestServices;
let app: HttpApp;
let call: ReturnType<typeof createClient>;
let user: SeededUser;
let team: SeededEntity;
let key: string;
let viewerKey: string;

beforeAll(async () => {
  s = await createTestServices();
  app = createApp(s);
  call = createClient(app);
  const viewer = await seedUser(s);
  user = await seedUser(s);
  team = await seedTeam(s, [
    { user, role: 'member' },
    { user: viewer, role: 'viewer' },
  ]);
  [key, viewerKey] = await Promise.all([seedApiKey(s, user), seedApiKey(s, viewer)]);
});
afterAll(async () => {
  app.close();
  await s.close();
});

const GZIP = { 'content-type': 'application/gzip' };
const put = (sha256: string, raw: BodyInit, headers: Record<string, string> = {}, token = key) =>
  call<Artifact>(`PUT /api/v1/entities/${team.name}/artifacts/${sha256}`, {
    token,
    raw,
    headers: { ...GZIP, ...headers },
  });
const get = (sha256: string) =>
  call<Artifact>(`GET /api/v1/entities/${team.name}/artifacts/${sha256}`, { token: key });
const piece = ({ sha256, body }: { sha256: string; body: Buffer }, start: number, end: number) =>
  put(sha256, new Uint8Array(body.subarray(start, end)), {
    'content-range': `bytes ${start}-${end - 1}/${body.length}`,
  });
const bytes = (body: Buffer) => new Uint8Array(body);
/** Files in the blob store, whole or partial. */
async function files(): Promise<number> {
  const { SLIPWAY_BLOB_STORE: store } = s.config;
  if (store.type !== 'local') throw new Error('tests keep blobs on disk');
  const entries = await readdir(store.directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

describe('an upload', () => {
  it('makes the archive known, once', async () => {
    const { body, sha256 } = await archiveOf(5000, 'whole');
    expect((await get(sha256)).status).toBe(404);
    const first = await put(sha256, bytes(body));
    expect([first.status, first.body]).toMatchObject([201, { complete: true, received: body.length }]);
    const again = await put(sha256, 'not even read');
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await get(sha256)).body).toEqual(first.body);
  });

  it('goes on in pieces where it stopped', async () => {
    const archive = await archiveOf(2.5 * MIN_PIECE_BYTES, 'pieces');
    const step = MIN_PIECE_BYTES;
    expect((await piece(archive, 0, step)).status).toBe(202);
    expect((await get(archive.sha256)).body).toMatchObject({ complete: false, received: step });
    const gap = await piece(archive, 2 * step, archive.body.length);
    expect([gap.status, gap.problem.type]).toEqual([409, 'urn:slipway:problem:wrong-offset']);
    expect(gap.problem.detail).toContain(`has ${step} bytes`);
    expect((await piece(archive, step, 2 * step)).body.received).toBe(2 * step);
    const last = await piece(archive, 2 * step, archive.body.length);
    expect([last.status, last.body.complete]).toEqual([201, true]);
    expect((await get(archive.sha256)).body.complete).toBe(true);
  });

  it('comes from two sides at once without harm', async () => {
    const archive = await archiveOf(1.5 * MIN_PIECE_BYTES, 'both');
    const both = await Promise.all([piece(archive, 0, MIN_PIECE_BYTES), piece(archive, 0, MIN_PIECE_BYTES)]);
    for (const { body } of both) expect(body.received).toBe(MIN_PIECE_BYTES);
    const ends = await Promise.all([0, 1].map(() => piece(archive, MIN_PIECE_BYTES, archive.body.length)));
    for (const { body } of ends) expect(body.complete).toBe(true);
  });

  it('is refused for what it is not, and leaves nothing', async () => {
    const archive = await archiveOf(1.5 * MIN_PIECE_BYTES, 'refused');
    const before = await files();
    const wrong = 'a'.repeat(64);
    expect((await put(wrong, bytes(archive.body))).problem.errors).toEqual([
      { path: 'sha256', message: 'is not that of the body' },
    ]);
    expect((await put(archive.sha256, 'no archive')).status).toBe(422);
    expect((await put(archive.sha256, bytes(archive.body), { 'content-range': 'bytes 0-9/10' })).status).toBe(
      400,
    );
    expect((await put(archive.sha256, bytes(archive.body), { 'content-range': 'items 0-9' })).status).toBe(
      422,
    );
    expect((await put(archive.sha256, 'x', { 'content-range': 'bytes 0-0/9999' })).problem.detail).toContain(
      'at least',
    );
    expect((await put(archive.sha256, 'x', { 'content-length': String(513 * 1024 * 1024) })).status).toBe(
      413,
    );
    expect(
      (await put(archive.sha256, 'x', { 'content-range': `bytes 0-9/${513 * 1024 * 1024}` })).status,
    ).toBe(413);
    expect((await put(archive.sha256, bytes(archive.body), {}, viewerKey)).status).toBe(403);
    expect((await call(`PUT /api/v1/entities/${team.name}/artifacts/../../x`, { token: key })).status).toBe(
      404,
    );
    // Pieces whose whole is another archive than its name says.
    const other = { ...archive, sha256: wrong };
    expect((await piece(other, 0, MIN_PIECE_BYTES)).status).toBe(202);
    expect((await piece(other, MIN_PIECE_BYTES, archive.body.length)).status).toBe(422);
    expect((await get(wrong)).status).toBe(404);
    expect(await files()).toBe(before);
    expect(await s.prisma.artifactPiece.count({ where: { sha256: { in: [wrong, archive.sha256] } } })).toBe(
      0,
    );
  });

  it('that breaks off leaves nothing', async () => {
    const { body, sha256 } = await archiveOf(MIN_PIECE_BYTES, 'cut');
    const before = await files();
    const cut = new ReadableStream({
      pull(controller) {
        controller.enqueue(bytes(body.subarray(0, 100_000)));
        controller.error(new Error('ECONNRESET'));
      },
    });
    const answer = await put(sha256, cut);
    expect([answer.status, answer.problem.type]).toEqual([400, 'urn:slipway:problem:upload-cut']);
    expect(await files()).toBe(before);
    expect((await get(sha256)).status).toBe(404);
  });

  it('that was killed is cleaned up, one that goes on is not', async () => {
    const archive = await archiveOf(1.5 * MIN_PIECE_BYTES, 'killed');
    await piece(archive, 0, MIN_PIECE_BYTES);
    // As a server leaves it that dies amid a piece.
    await s.prisma.artifactPiece.create({
      data: { entityId: team.id, sha256: archive.sha256, start: MIN_PIECE_BYTES },
    });
    const before = await files();
    expect(await cleanUpArtifacts(s)).toMatchObject({ pieces: 0 });
    expect((await get(archive.sha256)).body.received).toBe(MIN_PIECE_BYTES);
    expect((await cleanUpArtifacts(s, undefined, { uploadSeconds: 0 })).pieces).toBeGreaterThanOrEqual(2);
    expect((await get(archive.sha256)).status).toBe(404);
    expect(await files()).toBeLessThan(before);
    expect(await s.prisma.artifactPiece.count({ where: { sha256: archive.sha256 } })).toBe(0);
  });
});

describe('an archive', () => {
  it('is given to the agent that has a run of it, whole, and to no other', async () => {
    const archive = await archiveOf(1.5 * MIN_PIECE_BYTES, 'agent');
    await piece(archive, 0, MIN_PIECE_BYTES);
    await piece(archive, MIN_PIECE_BYTES, archive.body.length);
    const queue = await seedQueue(s, team);
    const [mine, other] = [await seedAgentToken(s, team), await seedAgentToken(s, team)];
    const agent = await startAgent(s, team, [queue.name], { actor: mine.actor });
    const path = `/api/agent/v1/artifacts/${archive.sha256}`;
    await enqueue(s, user.actor, queue, {
      image: undefined,
      source: { type: 'code', artifact: archive.sha256 },
      entrypoint: ['python', 'train.py'],
    });
    expect((await call(`GET ${path}`, { token: mine.token })).status).toBe(404);
    const [run] = await agent.lease();
    expect(run?.spec.source).toEqual({ type: 'code', artifact: archive.sha256 });
    const response = await app.request(path, { headers: { authorization: `Bearer ${mine.token}` } });
    expect(response.headers.get('content-length')).toBe(String(archive.body.length));
    expect(Buffer.from(await response.arrayBuffer()).equals(archive.body)).toBe(true);
    expect((await call(`GET ${path}`, { token: other.token })).status).toBe(404);
    expect((await call(`GET ${path}`, { token: key })).status).toBe(403);
  });

  it('that nothing uses is forgotten after the retention time, one of a job is kept', async () => {
    const [unused, ofJob] = [
      await uploaded(s, user.actor, team.name, 'unused'),
      await uploaded(s, user.actor, team.name, 'job'),
    ];
    const job = await call(`POST /api/v1/entities/${team.name}/jobs`, {
      token: key,
      body: { name: 'keeps', source: { type: 'code', artifact: ofJob } },
    });
    expect(job.status).toBe(201);
    await s.pool.query(
      "UPDATE artifacts SET last_used_at = now() - interval '91 days' WHERE sha256 = ANY ($1)",
      [[unused, ofJob]],
    );
    await s.pool.query(
      "UPDATE artifact_pieces SET created_at = now() - interval '91 days' WHERE sha256 = ANY ($1)",
      [[unused, ofJob]],
    );
    const before = await files();
    expect((await cleanUpArtifacts(s)).artifacts).toBe(1);
    expect(await files()).toBe(before - 1);
    expect([(await get(unused)).status, (await get(ofJob)).status]).toEqual([404, 200]);
  });
});
