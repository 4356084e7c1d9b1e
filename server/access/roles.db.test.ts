import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateQueue, RoleName } from '@/core/wire';
import { createQueueSchema } from '@/core/wire';
import { listAudit } from '../audit';
import { createJob } from '../jobs';
import {
  createQueue,
  deleteQueue,
  getQueue,
  listQueues,
  pauseQueue,
  previewLaunch,
  updateQueue,
} from '../queues';
import { listSecrets, putSecret } from '../secrets';
import { createTestServices, seedAgentToken, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import type { Actor } from './actor';
import {
  createAgentToken,
  createTeam,
  createUser,
  listAgentTokens,
  listMembers,
  listUsers,
  putMember,
  removeMember,
  requireEntity,
  viewer,
} from '.';

let s: TestServices;
let team: SeededEntity;
const people = {} as Record<RoleName | 'outsider' | 'instanceAdmin', SeededUser>;
let agent: Actor;

const queueOf = (name: string): CreateQueue => createQueueSchema.parse({ name, resource: 'local-container' });
const launch = { image: 'busybox', templateValues: {}, env: {}, labels: [] };

beforeAll(async () => {
  s = await createTestServices();
  for (const who of ['viewer', 'member', 'admin', 'outsider'] as const) people[who] = await seedUser(s);
  people.instanceAdmin = await seedUser(s, { isAdmin: true });
  team = await seedTeam(s, [
    { user: people.viewer, role: 'viewer' },
    { user: people.member, role: 'member' },
    { user: people.admin, role: 'admin' },
  ]);
  agent = (await seedAgentToken(s, team)).actor;
});
afterAll(() => s.close());

/** What each kind of actor gets: `ok`, or the kind of the refusal. */
async function outcomes(
  call: (actor: Actor, who: string) => Promise<unknown>,
): Promise<Record<string, string>> {
  const actors = {
    ...Object.fromEntries(Object.entries(people).map(([who, { actor }]) => [who, actor])),
    agent,
  } as Record<string, Actor>;
  const result: Record<string, string> = {};
  for (const [who, actor] of Object.entries(actors)) {
    result[who] = await call(actor, who).then(
      () => 'ok',
      (error: unknown) => (error as { kind: string }).kind,
    );
  }
  return result;
}
const VIEWERS = {
  viewer: 'ok',
  member: 'ok',
  admin: 'ok',
  instanceAdmin: 'ok',
  outsider: 'not-found',
  agent: 'forbidden',
};
const MEMBERS = { ...VIEWERS, viewer: 'forbidden' };
const ADMINS = { ...MEMBERS, member: 'forbidden' };
const INSTANCE_ADMINS = { ...ADMINS, admin: 'forbidden', outsider: 'forbidden' };

describe('roles', () => {
  it('let viewers read and preview', async () => {
    const queue = await seedQueue(s, team);
    const at = { entity: team.name, queue: queue.name };
    expect(await outcomes((actor) => getQueue(s, actor, at))).toEqual(VIEWERS);
    expect(await outcomes((actor) => listQueues(s, actor, { entity: team.name }))).toEqual(VIEWERS);
    expect(await outcomes((actor) => listSecrets(s, actor, at))).toEqual(VIEWERS);
    expect(await outcomes((actor) => listMembers(s, actor, { entity: team.name }))).toEqual(VIEWERS);
    expect(await outcomes((actor) => listAgentTokens(s, actor, { entity: team.name }))).toEqual(VIEWERS);
    expect(await outcomes((actor) => previewLaunch(s, actor, { ...at, launch }))).toEqual(VIEWERS);
  });

  it('let members make jobs', async () => {
    const source = { type: 'image', image: 'busybox' } as const;
    const make = (actor: Actor, who: string) =>
      createJob(s, actor, { entity: team.name, name: `job-${who}`, description: '', source, aliases: [] });
    expect(await outcomes(make)).toEqual(MEMBERS);
  });

  it('let admins change queues, secrets, tokens and members, and read the audit log', async () => {
    const queue = await seedQueue(s, team);
    const at = { entity: team.name, queue: queue.name };
    expect(
      await outcomes((actor, who) => createQueue(s, actor, { entity: team.name, ...queueOf(`q-${who}`) })),
    ).toEqual(ADMINS);
    expect(await outcomes((actor, who) => updateQueue(s, actor, { ...at, description: who }))).toEqual(
      ADMINS,
    );
    expect(await outcomes((actor) => pauseQueue(s, actor, { ...at, note: '' }))).toEqual(ADMINS);
    expect(await outcomes((actor) => putSecret(s, actor, { ...at, name: 'KEY', value: 'value' }))).toEqual(
      ADMINS,
    );
    const token = { entity: team.name, name: 't', queues: [], expiresInDays: null };
    expect(await outcomes((actor) => createAgentToken(s, actor, token))).toEqual(ADMINS);
    const friend = await seedUser(s);
    expect(
      await outcomes((actor) =>
        putMember(s, actor, { entity: team.name, email: friend.email, role: 'viewer' }),
      ),
    ).toEqual(ADMINS);
    expect(await outcomes((actor) => listAudit(s, actor, { entity: team.name }))).toEqual(ADMINS);
    const gone = async (actor: Actor) =>
      deleteQueue(s, actor, { entity: team.name, queue: (await seedQueue(s, team)).name });
    expect(await outcomes(gone)).toEqual(ADMINS);
  });

  it('let only admins of the instance manage users and make teams', async () => {
    expect(await outcomes((actor) => listUsers(s, actor))).toEqual(INSTANCE_ADMINS);
    expect(await outcomes((actor, who) => createTeam(s, actor, { name: `made-by-${who}` }))).toEqual(
      INSTANCE_ADMINS,
    );
    const user = { name: 'New', password: 'long enough words', isAdmin: false };
    expect(
      await outcomes((actor, who) => createUser(s, actor, { email: `new-${who}@example.com`, ...user })),
    ).toEqual(INSTANCE_ADMINS);
  });

  it('name the role that is needed to those who are in, and nothing to those who are not', async () => {
    await expect(requireEntity(s, people.viewer.actor, team.name, 'admin')).rejects.toThrow(
      `This needs the role admin in ${team.name}; you are viewer. Its admins can give it to you: `,
    );
    const hidden = await requireEntity(s, people.outsider.actor, team.name, 'viewer').catch(
      (error: unknown) => (error as Error).message,
    );
    const missing = await requireEntity(s, people.outsider.actor, 'no-such-team', 'viewer').catch(
      (error: unknown) => (error as Error).message,
    );
    expect(hidden).toBe((missing as string).replace('no-such-team', team.name));
  });
});

describe('the viewer', () => {
  it('sees its own space and its teams with its roles', async () => {
    const { user, entities } = await viewer(s, people.viewer.actor);
    expect(user.email).toBe(people.viewer.email);
    expect(entities).toEqual([
      { name: people.viewer.entity.name, kind: 'user', role: 'admin' },
      { name: team.name, kind: 'team', role: 'viewer' },
    ]);
  });

  it('as an admin of the instance sees every team, but not the spaces of others', async () => {
    const { entities } = await viewer(s, people.instanceAdmin.actor);
    expect(entities[0]).toEqual({ name: people.instanceAdmin.entity.name, kind: 'user', role: 'admin' });
    expect(entities).toContainEqual({ name: team.name, kind: 'team', role: 'admin' });
    expect(entities.filter(({ kind }) => kind === 'user')).toHaveLength(1);
  });
});

describe('members', () => {
  it('lose their access with the next call, on every server', async () => {
    const guest = await seedUser(s);
    const other = await s.another();
    const entity = team.name;
    await putMember(s, people.admin.actor, { entity, email: guest.email.toUpperCase(), role: 'viewer' });
    await requireEntity(s, guest.actor, entity, 'viewer');
    await requireEntity(other, guest.actor, entity, 'viewer');
    await removeMember(s, people.admin.actor, { entity, userId: guest.id });
    await expect(requireEntity(s, guest.actor, entity, 'viewer')).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect
      .poll(() => requireEntity(other, guest.actor, entity, 'viewer').catch(() => 'gone'), { timeout: 1000 })
      .toBe('gone');
  });

  it('may leave by themselves, and the last admin may not go or step down', async () => {
    const [admin, member] = [await seedUser(s), await seedUser(s)];
    const own = await seedTeam(s, [
      { user: admin, role: 'admin' },
      { user: member, role: 'member' },
    ]);
    const entity = own.name;
    await expect(removeMember(s, admin.actor, { entity, userId: admin.id })).rejects.toMatchObject({
      code: 'last-admin',
    });
    const stepDown = putMember(s, admin.actor, { entity, email: admin.email, role: 'member' });
    await expect(stepDown).rejects.toMatchObject({ code: 'last-admin' });
    await removeMember(s, member.actor, { entity, userId: member.id });
    expect((await listMembers(s, admin.actor, { entity })).map(({ userId }) => userId)).toEqual([admin.id]);
  });

  it('keep one admin when the last two step down at the same time', async () => {
    const [first, second] = [await seedUser(s), await seedUser(s)];
    const both = [first, second].map((user) => ({ user, role: 'admin' as const }));
    const teams = await Promise.all(Array.from({ length: 4 }, () => seedTeam(s, both)));
    const outcomes = await Promise.all(
      teams.map(async ({ name: entity }) => {
        const down = ({ actor, email }: SeededUser) => putMember(s, actor, { entity, email, role: 'member' });
        const results = await Promise.allSettled([down(first), down(second)]);
        return results.map(({ status }) => status).sort();
      }),
    );
    expect(outcomes).toEqual(teams.map(() => ['fulfilled', 'rejected']));
  });

  it('are for teams, and must have an account', async () => {
    const { admin, member } = people;
    await expect(
      putMember(s, admin.actor, { entity: admin.entity.name, email: member.email, role: 'viewer' }),
    ).rejects.toThrow(/own space/);
    await expect(
      putMember(s, admin.actor, { entity: team.name, email: 'nobody@example.com', role: 'viewer' }),
    ).rejects.toMatchObject({
      kind: 'refused',
      errors: [{ path: 'email' }],
    });
  });
});
