import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServices, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import { deleteRunView, listRunViews, saveRunView } from '.';

let s: TestServices;
let team: SeededEntity;
let people: { ann: SeededUser; bob: SeededUser; eve: SeededUser };
beforeAll(async () => {
  s = await createTestServices();
  people = { ann: await seedUser(s), bob: await seedUser(s), eve: await seedUser(s) };
  team = await seedTeam(s, [
    { user: people.ann, role: 'admin' },
    { user: people.bob, role: 'member' },
    { user: people.eve, role: 'viewer' },
  ]);
});
afterAll(() => s.close());

it('keeps views by name for everybody of the entity; their author and admins change them', async () => {
  const view = { entity: team.name, name: 'My failures', filter: { state: 'failed' }, columns: ['state'] };
  const saved = await saveRunView(s, people.bob.actor, view);
  await saveRunView(s, people.bob.actor, { ...view, filter: { state: 'failed', category: 'oom' } });
  expect(await listRunViews(s, people.eve.actor, { entity: team.name })).toMatchObject([
    { id: saved.id, name: 'My failures', filter: { category: 'oom' }, mayChange: false },
  ]);
  await expect(saveRunView(s, people.eve.actor, view)).rejects.toMatchObject({ kind: 'forbidden' });
  await saveRunView(s, people.ann.actor, { ...view, name: 'Of an admin' });
  await expect(saveRunView(s, people.bob.actor, { ...view, name: 'Of an admin' })).rejects.toMatchObject({
    kind: 'forbidden',
  });
  await deleteRunView(s, people.ann.actor, { entity: team.name, id: saved.id });
  await expect(deleteRunView(s, people.ann.actor, { entity: team.name, id: saved.id })).rejects.toMatchObject(
    { kind: 'not-found' },
  );
  const stranger = await seedUser(s);
  await expect(listRunViews(s, stranger.actor, { entity: team.name })).rejects.toMatchObject({
    kind: 'not-found',
  });
});
