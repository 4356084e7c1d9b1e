import type { RoleName } from '@/core/wire';
import { ProblemError, forbidden, notFound } from '@/core/problems';
import { busCache } from '../cache';
import type { Services } from '../services';
import type { Actor, UserActor } from './actor';

/** An entity together with what the actor is in it. */
export interface EntityAccess {
  id: string;
  name: string;
  kind: 'user' | 'team';
  role: RoleName;
}

const RANK: Record<RoleName, number> = { viewer: 0, member: 1, admin: 2 };
/** Whether `role` allows what `needed` allows. */
export const roleCovers = (role: RoleName, needed: RoleName): boolean => RANK[role] >= RANK[needed];

const accessCache = busCache<EntityAccess>({
  max: 20_000,
  ttlMs: 2000,
  dropOn: ({ type }) => type === 'credentials',
});

/**
 * The entity, for an actor that has at least `role` in it. An entity the actor is no member of does not exist for it; a member with a
 * lower role is told which one is needed. Instance admins and the system act as admins everywhere; agents never pass.
 */
export async function requireEntity(
  s: Services,
  actor: Actor,
  entityName: string,
  role: RoleName,
): Promise<EntityAccess> {
  const access = await entityAccess(s, actor, entityName);
  if (!access) throw notFound(`The entity ${JSON.stringify(entityName)}`);
  if (!roleCovers(access.role, role)) {
    throw new ProblemError(
      'forbidden',
      `This needs the role ${role} in ${access.name}; you are ${access.role}. ${await whoToAsk(s, access)}`,
      { code: 'role-needed' },
    );
  }
  return access;
}

const NAMED_ADMINS = 5;

/** Who has the role, or can give it: members see each other anyway. */
async function whoToAsk(s: Services, { id }: EntityAccess): Promise<string> {
  const { rows } = await s.pool.query<{ name: string }>(
    `SELECT u.name FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.entity_id = $1 AND m.role = 'admin' AND u.disabled_at IS NULL ORDER BY u.name LIMIT ${NAMED_ADMINS + 1}`,
    [id],
  );
  const names = rows.slice(0, NAMED_ADMINS).map(({ name }) => name);
  if (names.length === 0) return 'An admin of this Slipway can give it to you.';
  return `Its admins can give it to you: ${names.join(', ')}${rows.length > NAMED_ADMINS ? ' and others' : ''}.`;
}

async function entityAccess(s: Services, actor: Actor, name: string): Promise<EntityAccess | undefined> {
  switch (actor.kind) {
    case 'agent':
      throw forbidden('An agent token is for agents only; use an API key here.');
    case 'system':
      return entityAsAdmin(s, name);
    case 'user':
      return accessCache(s).get(`${actor.isAdmin ? 'admin' : actor.userId}/${name}`, () =>
        actor.isAdmin ? entityAsAdmin(s, name) : entityAsMember(s, actor, name),
      );
  }
}

async function entityAsMember(
  s: Services,
  actor: UserActor,
  name: string,
): Promise<EntityAccess | undefined> {
  const { rows } = await s.pool.query<EntityAccess>(
    `SELECT e.id, e.name, e.kind::text, m.role::text FROM entities e JOIN memberships m ON m.entity_id = e.id
     WHERE e.name = $1 AND m.user_id = $2`,
    [name, actor.userId],
  );
  return rows[0];
}

async function entityAsAdmin(s: Services, name: string): Promise<EntityAccess | undefined> {
  const { rows } = await s.pool.query<EntityAccess>(
    `SELECT id, name, kind::text, 'admin' AS role FROM entities WHERE name = $1`,
    [name],
  );
  return rows[0];
}

/** The user, who must be an admin of the instance. */
export function requireInstanceAdmin(actor: Actor): void {
  if (actor.kind === 'system') return;
  if (actor.kind === 'agent' || !actor.isAdmin)
    throw forbidden('Only an admin of this Slipway instance may do that.');
}

/** The actor as a person; agents and the system have no account. */
export function requireUser(actor: Actor): UserActor {
  if (actor.kind !== 'user') throw forbidden('Only a user may do that; use an API key or sign in.');
  return actor;
}
