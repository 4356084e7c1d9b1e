import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import { deleteSecret, listSecrets, openSecrets, openSecretsOf, putSecret, rotateSecrets } from '.';

let s: TestServices;
let admin: SeededUser;
let team: SeededEntity;
beforeAll(async () => {
  s = await createTestServices();
  admin = await seedUser(s);
  team = await seedTeam(s, [{ user: admin, role: 'admin' }]);
});
afterAll(() => s.close());

async function queueWith(secrets: Record<string, string>) {
  const queue = await seedQueue(s, team);
  const at = { entity: team.name, queue: queue.name };
  for (const [name, value] of Object.entries(secrets))
    await putSecret(s, admin.actor, { ...at, name, value });
  return { queue, at };
}
const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });

describe('secrets of a queue', () => {
  it('come back byte for byte for a lease, and by name only for people', async () => {
    const value = 'p"ä\n💥 $(x) {{y}}';
    const { queue, at } = await queueWith({ B: 'two', A: value });
    expect(await openSecrets(s, queue.id)).toEqual({ A: value, B: 'two' });
    const listed = await listSecrets(s, admin.actor, at);
    expect(listed.map(({ name, updatedBy }) => [name, updatedBy])).toEqual([
      ['A', admin.name],
      ['B', admin.name],
    ]);
    expect(JSON.stringify(listed)).not.toContain('two');

    await putSecret(s, admin.actor, { ...at, name: 'B', value: 'three' });
    await deleteSecret(s, admin.actor, { ...at, name: 'A' });
    expect(await openSecrets(s, queue.id)).toEqual({ B: 'three' });
    await expect(deleteSecret(s, admin.actor, { ...at, name: 'A' })).rejects.toMatchObject({
      kind: 'not-found',
    });
    const empty = await seedQueue(s, team);
    expect(await openSecretsOf(s, [queue.id, empty.id])).toEqual(new Map([[queue.id, { B: 'three' }]]));
  });

  it('are neither in the database nor in the audit log as they are', async () => {
    const { at } = await queueWith({ TOKEN: 'visible-nowhere' });
    const dump = await s.pool.query<{ text: string }>(
      "SELECT convert_from(ciphertext, 'LATIN1') || x::text AS text FROM secrets x",
    );
    expect(dump.rows.some(({ text }) => text.includes('visible-nowhere'))).toBe(false);
    const { items } = await listAudit(s, admin.actor, { entity: team.name });
    expect(items[0]).toMatchObject({
      action: 'secret.create',
      target: `${at.queue}/TOKEN`,
      actor: admin.email,
      actorKind: 'user',
    });
    expect(JSON.stringify(items)).not.toContain('visible-nowhere');
  });

  it('do not open when they were changed, or moved to another queue or name', async () => {
    const { queue } = await queueWith({ A: 'alpha', B: 'beta' });
    const { queue: other } = await queueWith({});
    await s.pool.query(
      'UPDATE secrets SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1) WHERE queue_id = $1 AND name = $2',
      [queue.id, 'A'],
    );
    await expect(openSecrets(s, queue.id)).rejects.toThrow(/secret A of queue .* cannot be opened/);
    await s.pool.query("DELETE FROM secrets WHERE queue_id = $1 AND name = 'A'", [queue.id]);
    expect(await openSecrets(s, queue.id)).toEqual({ B: 'beta' });
    await s.pool.query("UPDATE secrets SET name = 'A' WHERE queue_id = $1", [queue.id]);
    await expect(openSecrets(s, queue.id)).rejects.toThrow(/cannot be opened/);
    await s.pool.query("UPDATE secrets SET name = 'B', queue_id = $2 WHERE queue_id = $1", [
      queue.id,
      other.id,
    ]);
    await expect(openSecrets(s, other.id)).rejects.toThrow(/cannot be opened/);
    await s.pool.query('DELETE FROM secrets WHERE queue_id = $1', [other.id]);
  });

  it('survive a change of keys: the old key reads until all is encrypted anew, then it can go', async () => {
    const { queue } = await queueWith({ A: 'alpha', B: 'beta' });
    const [old] = s.config.SLIPWAY_SECRET_KEYS;
    if (!old) throw new Error('no key');
    const both = { ...s, config: { ...s.config, SLIPWAY_SECRET_KEYS: [key('new', 9), old] } };
    const onlyNew = { ...s, config: { ...s.config, SLIPWAY_SECRET_KEYS: [key('new', 9)] } };
    await expect(openSecrets(onlyNew, queue.id)).rejects.toThrow(/cannot be opened/);
    expect(await openSecrets(both, queue.id)).toEqual({ A: 'alpha', B: 'beta' });
    expect((await rotateSecrets(both)).rotated).toBeGreaterThanOrEqual(2);
    expect(await rotateSecrets(both)).toEqual({ rotated: 0 });
    expect(await openSecrets(onlyNew, queue.id)).toEqual({ A: 'alpha', B: 'beta' });
    await expect(openSecrets(s, queue.id)).rejects.toThrow(/cannot be opened/);
  });
});
