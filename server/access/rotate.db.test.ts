import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROTATION_OVERLAP_HOURS } from '@/core/wire';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import {
  authenticateBearer,
  createAgentToken,
  createApiKey,
  listAgentTokens,
  listApiKeys,
  revokeAgentToken,
  rotateAgentToken,
  rotateApiKey,
  signOutEverywhere,
  sessionActor,
} from '.';

let s: TestServices;
let admin: SeededUser;
let team: SeededEntity;
beforeAll(async () => {
  s = await createTestServices();
  admin = await seedUser(s);
  team = await seedTeam(s, [{ user: admin, role: 'admin' }]);
});
afterAll(() => s.close());

const hoursLeft = (at: string | null) => (Date.parse(at ?? '') - Date.now()) / 3_600_000;

it('an agent token is replaced by one for the same queues, and both work for a day', async () => {
  const queue = await seedQueue(s, team);
  const at = { entity: team.name };
  const old = await createAgentToken(s, admin.actor, {
    ...at,
    name: 'rack 7',
    queues: [queue.name],
    expiresInDays: 30,
  });
  const fresh = await rotateAgentToken(s, admin.actor, { ...at, id: old.id });
  expect(fresh).toMatchObject({
    name: 'rack 7',
    queues: [queue.name],
    createdBy: admin.name,
    replaced: false,
  });
  expect(Math.round(hoursLeft(fresh.expiresAt) / 24)).toBe(30);
  expect(fresh.token).not.toBe(old.token);
  for (const token of [old.token, fresh.token])
    expect(await authenticateBearer(s, token)).toMatchObject({ kind: 'agent', queueIds: [queue.id] });

  const [first, second] = await listAgentTokens(s, admin.actor, at);
  expect([first?.id, second?.id]).toEqual([fresh.id, old.id]);
  expect(second?.replaced).toBe(true);
  expect(hoursLeft(second!.expiresAt)).toBeGreaterThan(ROTATION_OVERLAP_HOURS - 0.1);
  expect(hoursLeft(second!.expiresAt)).toBeLessThanOrEqual(ROTATION_OVERLAP_HOURS);

  await expect(rotateAgentToken(s, admin.actor, { ...at, id: old.id })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'replaced',
  });
  await revokeAgentToken(s, admin.actor, { ...at, id: old.id });
  expect(await authenticateBearer(s, old.token)).toBeNull();
  expect(await authenticateBearer(s, fresh.token)).not.toBeNull();
});

it('a token that ends within the day is not given more time by its replacement', async () => {
  const at = { entity: team.name };
  const old = await createAgentToken(s, admin.actor, { ...at, name: 'short', queues: [], expiresInDays: 1 });
  await s.pool.query(`UPDATE agent_tokens SET expires_at = now() + interval '2 hours' WHERE id = $1`, [
    old.id,
  ]);
  await rotateAgentToken(s, admin.actor, { ...at, id: old.id });
  const after = (await listAgentTokens(s, admin.actor, at)).find(({ id }) => id === old.id);
  expect(hoursLeft(after!.expiresAt)).toBeLessThanOrEqual(2);
  await s.pool.query(
    `UPDATE agent_tokens SET expires_at = now() - interval '1 second', replaced_by_id = NULL WHERE id = $1`,
    [old.id],
  );
  await expect(rotateAgentToken(s, admin.actor, { ...at, id: old.id })).rejects.toMatchObject({
    code: 'expired',
  });
});

it('an API key is replaced by its owner only, and a key without end has a successor without end', async () => {
  const old = await createApiKey(s, admin.actor, { name: 'laptop', expiresInDays: null });
  const stranger = await seedUser(s);
  await expect(rotateApiKey(s, stranger.actor, { id: old.id })).rejects.toMatchObject({ kind: 'not-found' });
  const fresh = await rotateApiKey(s, admin.actor, { id: old.id });
  expect(fresh).toMatchObject({ name: 'laptop', expiresAt: null });
  for (const key of [old.key, fresh.key])
    expect(await authenticateBearer(s, key, { host: '192.0.2.7' })).toMatchObject({ userId: admin.id });
  await expect
    .poll(async () => (await listApiKeys(s, admin.actor)).map(({ lastUsedHost }) => lastUsedHost))
    .toEqual(['192.0.2.7', '192.0.2.7']);
  const { rows } = await s.pool.query<{ data: unknown }>(
    `SELECT data FROM audit_events WHERE action = 'api-key.rotate'`,
  );
  expect(rows).toEqual([
    { data: { prefix: old.prefix, newPrefix: fresh.prefix, overlapHours: ROTATION_OVERLAP_HOURS } },
  ]);
});

it('signing out everywhere ends the sessions and leaves the keys', async () => {
  const user = await seedUser(s);
  const { key } = await createApiKey(s, user.actor, { name: 'cli', expiresInDays: null });
  expect(await sessionActor(s, user.id, 0)).not.toBeNull();
  await signOutEverywhere(s, user.actor);
  await expect.poll(() => sessionActor(s, user.id, 0)).toBeNull();
  expect(await authenticateBearer(s, key)).not.toBeNull();
});
