import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueueSchema } from '@/core/wire';
import {
  changePassword,
  createAgentToken,
  createApiKey,
  createTeam,
  createUser,
  putMember,
  removeMember,
  revokeAgentToken,
  revokeApiKey,
  updateUser,
} from '../access';
import { withTransaction } from '../db';
import { createJob, createJobVersion } from '../jobs';
import { createQueue, deleteQueue, pauseQueue, restoreVersion, resumeQueue, updateQueue } from '../queues';
import { deleteSecret, putSecret } from '../secrets';
import { createTestServices, seedTeam, seedUser } from '../testing';
import type { SeededUser, TestServices } from '../testing';
import { audit, exportAudit, listAudit } from '.';

let s: TestServices;
let boss: SeededUser;
beforeAll(async () => {
  s = await createTestServices();
  boss = await seedUser(s, { isAdmin: true });
});
afterAll(() => s.close());

const PASSWORD = 'a password for one test';

describe('the audit log', () => {
  it('has a row for every change, with who, what and to what, and without secrets', async () => {
    const { actor } = boss;
    const { name: entity } = await createTeam(s, actor, { name: 'audited' });
    const user = await createUser(s, actor, {
      email: 'new@example.com',
      name: 'New',
      password: PASSWORD,
      isAdmin: false,
    });
    await updateUser(s, actor, { id: user.id, password: `${PASSWORD} 2` });
    await changePassword(s, actor, { current: boss.password, password: `${PASSWORD} 3`, ip: '192.0.2.1' });
    await putMember(s, actor, { entity, email: user.email, role: 'viewer' });
    await putMember(s, actor, { entity, email: user.email, role: 'member' });
    await removeMember(s, actor, { entity, userId: user.id });
    const at = { entity, queue: 'q' };
    await createQueue(s, actor, {
      entity,
      ...createQueueSchema.parse({ name: 'q', resource: 'local-container' }),
    });
    await updateQueue(s, actor, {
      ...at,
      maxInFlight: 3,
      config: { format: 'yaml', source: 'env: [TOKEN=in-the-config]' },
    });
    await updateQueue(s, actor, { ...at, maxInFlight: 3 });
    await restoreVersion(s, actor, { ...at, version: 1 });
    await pauseQueue(s, actor, { ...at, note: 'maintenance' });
    await resumeQueue(s, actor, at);
    await resumeQueue(s, actor, at);
    await putSecret(s, actor, { ...at, name: 'KEY', value: 'a-secret-value' });
    await putSecret(s, actor, { ...at, name: 'KEY', value: 'a-secret-value' });
    await deleteSecret(s, actor, { ...at, name: 'KEY' });
    const token = await createAgentToken(s, actor, {
      entity,
      name: 'gpu-1',
      queues: ['q'],
      expiresInDays: 1,
    });
    await revokeAgentToken(s, actor, { entity, id: token.id });
    const key = await createApiKey(s, actor, { name: 'laptop', expiresInDays: null });
    await revokeApiKey(s, actor, { id: key.id });
    const source = { type: 'image', image: 'busybox' } as const;
    await createJob(s, actor, { entity, name: 'j', description: '', source, aliases: [] });
    await createJobVersion(s, actor, { entity, job: 'j', source, entrypoint: 'true', aliases: [] });
    await deleteQueue(s, actor, at);

    const { items } = await listAudit(s, actor, { entity });
    expect(items.map(({ action, target }) => `${action} ${target}`).reverse()).toEqual([
      'team.create audited',
      'member.add new@example.com',
      'member.update new@example.com',
      'member.remove new@example.com',
      'queue.create q',
      'queue.update q',
      'queue.update q',
      'queue.pause q',
      'queue.resume q',
      'secret.create q/KEY',
      'secret.update q/KEY',
      'secret.delete q/KEY',
      'agent-token.create gpu-1',
      'agent-token.revoke gpu-1',
      'job.create j',
      'job.version j:v1',
      'queue.delete q',
    ]);
    expect(new Set(items.map((item) => `${item.actorKind} ${item.actor}`))).toEqual(
      new Set([`user ${boss.email}`]),
    );
    expect(items.find(({ action }) => action === 'queue.pause')?.data).toEqual({ note: 'maintenance' });
    expect(items.findLast(({ action }) => action === 'queue.update')?.data).toEqual({
      version: 2,
      maxInFlight: 3,
    });

    const instance = await s.prisma.auditEvent.findMany({
      where: { entityId: null },
      orderBy: { id: 'asc' },
    });
    expect(instance.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'user.create new@example.com',
      'user.update new@example.com',
      `user.change-password ${boss.email}`,
      'api-key.create laptop',
      'api-key.revoke laptop',
    ]);
    const { rows } = await s.pool.query<{ text: string }>('SELECT a::text AS text FROM audit_events a');
    const all = rows.map(({ text }) => text).join('\n');
    for (const secret of ['a-secret-value', PASSWORD, 'in-the-config', token.token, key.key])
      expect(all).not.toContain(secret);
  });

  it('tells nothing of a change that did not happen', async () => {
    const team = await seedTeam(s, [{ user: boss, role: 'admin' }]);
    const entry = { entityId: team.id, action: 'test.change', target: 'x' };
    await expect(
      withTransaction(s.pool, async (client) => {
        await audit(client, boss.actor, entry);
        throw new Error('no change');
      }),
    ).rejects.toThrow('no change');
    await audit(s.pool, { kind: 'system' }, { ...entry, data: { n: 1 } });
    const { items } = await listAudit(s, boss.actor, { entity: team.name });
    expect(items).toEqual([
      expect.objectContaining({
        action: 'test.change',
        actorKind: 'system',
        actor: 'system',
        data: { n: 1 },
      }),
    ]);
  });

  it('is read in pages, by action, by group of actions and by actor', async () => {
    const team = await seedTeam(s, [{ user: boss, role: 'admin' }]);
    for (const action of ['queue.create', 'queue.update', 'queues.other', 'run.stop', 'queue.update']) {
      await audit(s.pool, boss.actor, { entityId: team.id, action, target: action });
    }
    await audit(
      s.pool,
      { kind: 'system' },
      { entityId: team.id, action: 'queue.update', target: 'by the system' },
    );
    const read = async (input: object) =>
      (await listAudit(s, boss.actor, { entity: team.name, ...input })).items.length;
    expect(await read({ action: 'queue.update' })).toBe(3);
    expect(await read({ action: 'queue' })).toBe(4);
    expect(await read({ action: 'queue.update', actor: boss.email })).toBe(2);
    expect(await read({ actor: boss.email.slice(0, 6).toUpperCase() }), 'part of a name, in any case').toBe(
      5,
    );
    expect(await read({ target: 'SYSTEM' })).toBe(1);
    expect(await read({ to: new Date(Date.now() - 3_600_000).toISOString() })).toBe(0);
    expect(await read({ from: new Date(Date.now() - 3_600_000).toISOString() })).toBe(6);
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await listAudit(s, boss.actor, { entity: team.name, limit: 4, cursor });
      ids.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    await expect(read({ cursor: "1' OR" })).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it('is exported whole, as CSV and as lines of JSON, whatever names hold', async () => {
    const team = await seedTeam(s, [{ user: boss, role: 'admin' }]);
    await s.pool.query(
      `INSERT INTO audit_events (entity_id, actor_kind, actor_name, action, target)
       SELECT $1, 'system', 'system', 'test.many', 'n ' || n FROM generate_series(1, 2500) AS n`,
      [team.id],
    );
    await audit(s.pool, boss.actor, {
      entityId: team.id,
      action: 'queue.create',
      target: '=1+1,"x"',
      data: { note: 'a, b' },
    });
    const text = async (format: 'csv' | 'ndjson', filter = {}) =>
      new Response(await exportAudit(s, boss.actor, { entity: team.name, format, ...filter })).text();
    const csv = (await text('csv')).trimEnd().split('\r\n');
    expect(csv[0]).toBe('time,actor_kind,actor,action,target,data');
    expect(csv[1]).toContain(`,user,${boss.email},queue.create,"'=1+1,""x""","{""note"":""a, b""}"`);
    expect(csv).toHaveLength(2502);
    const json = (await text('ndjson', { action: 'test' })).trimEnd().split('\n');
    expect(json).toHaveLength(2500);
    expect(JSON.parse(json[0]!)).toMatchObject({ action: 'test.many', target: 'n 2500' });
    const outsider = await seedUser(s);
    await expect(exportAudit(s, outsider.actor, { entity: team.name, format: 'csv' })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
