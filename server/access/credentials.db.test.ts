import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteQueue } from '../queues';
import { createTestServices, seedAgentToken, seedApiKey, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import {
  authenticateBearer,
  createAgentToken,
  createApiKey,
  listAgentTokens,
  listApiKeys,
  revokeAgentToken,
  revokeApiKey,
  updateUser,
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

describe('API keys', () => {
  it('act as their user until they are revoked, which holds for the next call', async () => {
    const { key, ...shown } = await createApiKey(s, admin.actor, { name: 'laptop', expiresInDays: null });
    expect(key).toMatch(/^slw_key_[A-Za-z0-9_-]{43}$/);
    expect(key.startsWith(shown.prefix)).toBe(true);
    expect(await authenticateBearer(s, key)).toEqual({ ...admin.actor, via: 'api-key' });
    expect(await listApiKeys(s, admin.actor)).toEqual([
      expect.objectContaining({ id: shown.id, name: 'laptop', expiresAt: null }),
    ]);

    const stranger = await seedUser(s);
    await expect(revokeApiKey(s, stranger.actor, { id: shown.id })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(revokeApiKey(s, admin.actor, { id: 'no-uuid' })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await revokeApiKey(s, admin.actor, { id: shown.id });
    expect(await authenticateBearer(s, key)).toBeNull();
    expect(await listApiKeys(s, admin.actor)).toEqual([]);
  });

  it('are stored as hashes only', async () => {
    const { key } = await createApiKey(s, admin.actor, { name: 'hashed', expiresInDays: 1 });
    const { rows } = await s.pool.query<{ text: string }>('SELECT k::text AS text FROM api_keys k');
    const secret = key.slice('slw_key_'.length + 6);
    expect(rows.some(({ text }) => text.includes(secret))).toBe(false);
  });

  it('end at their time, also while they are in use', async () => {
    const past = await seedApiKey(s, admin, { expiresAt: new Date(Date.now() - 1000) });
    expect(await authenticateBearer(s, past)).toBeNull();
    const soon = await seedApiKey(s, admin, { expiresAt: new Date(Date.now() + 400) });
    expect(await authenticateBearer(s, soon)).not.toBeNull();
    await expect.poll(() => authenticateBearer(s, soon), { timeout: 1500, interval: 50 }).toBeNull();
  });

  it('stop with their user', async () => {
    const user = await seedUser(s);
    const boss = await seedUser(s, { isAdmin: true });
    const key = await seedApiKey(s, user);
    expect(await authenticateBearer(s, key)).not.toBeNull();
    await updateUser(s, boss.actor, { id: user.id, disabled: true });
    expect(await authenticateBearer(s, key)).toBeNull();
  });

  it('are told apart from everything else that looks like a token', async () => {
    for (const token of [
      '',
      'slw_key_',
      'slw_agent_',
      'slw_key_' + 'x'.repeat(43),
      'Bearer',
      'x'.repeat(100_000),
      'slw_key_\0',
      '💥',
    ]) {
      expect(await authenticateBearer(s, token)).toBeNull();
    }
  });

  it('show when they were last used, written at most once a minute', async () => {
    const { key, id } = await createApiKey(s, admin.actor, { name: 'used', expiresInDays: null });
    const lastUsed = async () =>
      (await listApiKeys(s, admin.actor)).find((each) => each.id === id)?.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await authenticateBearer(s, key);
    await expect.poll(lastUsed).not.toBeNull();
    const first = await lastUsed();
    await authenticateBearer(s, key);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await lastUsed()).toBe(first);
  });
});

describe('agent tokens', () => {
  it('carry their entity and queues, and are refused from the next call on once revoked, on every server', async () => {
    const queue = await seedQueue(s, team);
    const { token, id, ...shown } = await createAgentToken(s, admin.actor, {
      entity: team.name,
      name: 'gpu-1',
      queues: [queue.name],
      expiresInDays: 90,
    });
    expect(token).toMatch(/^slw_agent_[A-Za-z0-9_-]{43}$/);
    expect(shown).toMatchObject({
      name: 'gpu-1',
      queues: [queue.name],
      createdBy: admin.name,
      agents: [],
      lastUsedAt: null,
    });
    const other = await s.another();
    const actor = {
      kind: 'agent',
      tokenId: id,
      tokenName: 'gpu-1',
      entityId: team.id,
      entity: team.name,
      queueIds: [queue.id],
    };
    expect(await authenticateBearer(s, token, { host: '192.0.2.7' })).toEqual(actor);
    expect(await authenticateBearer(other, token)).toEqual(actor);
    const listed = async () =>
      (await listAgentTokens(s, admin.actor, { entity: team.name })).find((each) => each.id === id);
    await expect.poll(async () => (await listed())?.lastUsedHost).toBe('192.0.2.7');

    const stranger = await seedUser(s);
    await expect(revokeAgentToken(s, stranger.actor, { entity: team.name, id })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(revokeAgentToken(s, admin.actor, { entity: admin.entity.name, id })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await revokeAgentToken(s, admin.actor, { entity: team.name, id });
    expect(await authenticateBearer(s, token)).toBeNull();
    await expect.poll(() => authenticateBearer(other, token), { timeout: 1000 }).toBeNull();
    expect(await listed()).toBeUndefined();
  });

  it('name only queues that exist, and go on naming one that is deleted', async () => {
    const queue = await seedQueue(s, team);
    const wanted = { entity: team.name, name: 't', expiresInDays: null };
    await expect(
      createAgentToken(s, admin.actor, { ...wanted, queues: [queue.name, 'nope'] }),
    ).rejects.toMatchObject({
      kind: 'refused',
      errors: [{ path: 'queues.1', message: `${team.name} has no queue nope` }],
    });
    const { id } = await createAgentToken(s, admin.actor, { ...wanted, queues: [queue.name] });
    await deleteQueue(s, admin.actor, { entity: team.name, queue: queue.name });
    const tokens = await listAgentTokens(s, admin.actor, { entity: team.name });
    expect(tokens.find((each) => each.id === id)?.queues).toEqual([`${queue.name} (deleted)`]);
  });

  it('list the agents that use them', async () => {
    const seeded = await seedAgentToken(s, team);
    const agent = {
      entityId: team.id,
      tokenId: seeded.id,
      hostname: 'node-7',
      version: '1',
      queueNames: ['q'],
      maxJobs: 1,
      config: {},
    };
    await s.prisma.agent.create({ data: { ...agent, instanceId: 'instance-1', name: 'here' } });
    const away = new Date(Date.now() - 3_600_000);
    await s.prisma.agent.create({
      data: { ...agent, instanceId: 'instance-2', name: 'away', lastHeartbeatAt: away },
    });
    const tokens = await listAgentTokens(s, admin.actor, { entity: team.name });
    const token = tokens.find(({ id }) => id === seeded.id);
    expect(token?.agents.map(({ name, online }) => [name, online])).toEqual([
      ['away', false],
      ['here', true],
    ]);
    expect(token?.lastUsedHost).toBe('node-7');
  });
});
