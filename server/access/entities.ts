import { ProblemError, notFound, refused } from '@/core/problems';
import type { Member, RoleName, Viewer } from '@/core/wire';
import { audit } from '../audit';
import type { Prisma } from '../db/generated/client';
import type { Services } from '../services';
import type { Actor } from './actor';
import { entityNameTaken, isUniqueViolation, nameTaken } from './new-user';
import { requireEntity, requireInstanceAdmin, requireUser } from './require-entity';
import type { EntityAccess } from './require-entity';

/**
 * The user and the entities it works in: its own space first, then teams by name. Instance admins see every team, and act as admins
 * in all of them; other people's own spaces are left out of the list.
 */
export async function viewer(s: Services, actor: Actor): Promise<Viewer> {
  const user = requireUser(actor);
  const { rows } = await s.pool.query<{ name: string; kind: 'user' | 'team'; role: RoleName }>(
    `SELECT e.name, e.kind::text, CASE WHEN $2 THEN 'admin' ELSE m.role::text END AS role
     FROM entities e LEFT JOIN memberships m ON m.entity_id = e.id AND m.user_id = $1
     WHERE m.user_id IS NOT NULL OR ($2 AND e.kind = 'team')
     ORDER BY e.kind, lower(e.name)`,
    [user.userId, user.isAdmin],
  );
  const { userId: id, email, name, isAdmin } = user;
  return { user: { id, email, name, isAdmin }, entities: rows };
}

/** A team with its maker as admin; instance admins only. Name taken (in any case): 409. */
export async function createTeam(
  s: Services,
  actor: Actor,
  { name }: { name: string },
): Promise<EntityAccess> {
  requireInstanceAdmin(actor);
  const user = requireUser(actor);
  try {
    const entity = await s.prisma.$transaction(async (tx) => {
      if (await entityNameTaken(tx, name)) throw nameTaken(name);
      const row = await tx.entity.create({
        data: { name, kind: 'team', memberships: { create: { userId: user.userId, role: 'admin' } } },
      });
      await audit(tx, actor, { entityId: row.id, action: 'team.create', target: name });
      return row;
    });
    return { id: entity.id, name, kind: 'team', role: 'admin' };
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken(name);
    throw error;
  }
}

/** Everyone in the entity, by name. */
export async function listMembers(s: Services, actor: Actor, input: { entity: string }): Promise<Member[]> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const rows = await s.prisma.membership.findMany({
    where: { entityId: entity.id },
    include: { user: true },
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  });
  return rows.map(toMember);
}

/** Adds a user by e-mail, or changes the role of one who is in. The last admin of a team stays admin: 409. */
export async function putMember(
  s: Services,
  actor: Actor,
  input: { entity: string; email: string; role: RoleName },
): Promise<Member> {
  const entity = await requireTeam(s, actor, input.entity, 'admin');
  const row = await s.prisma.$transaction(async (tx) => {
    await lockMembers(tx, entity.id);
    const user = await tx.user.findUnique({ where: { email: input.email.toLowerCase() } });
    if (!user) {
      throw refused('Nobody has this e-mail here. An admin of the instance can make the account.', [
        { path: 'email', message: 'belongs to no user of this Slipway' },
      ]);
    }
    const key = { entityId_userId: { entityId: entity.id, userId: user.id } };
    const before = await tx.membership.findUnique({ where: key });
    const after = await tx.membership.upsert({
      where: key,
      create: { entityId: entity.id, userId: user.id, role: input.role },
      update: { role: input.role },
      include: { user: true },
    });
    await keepAnAdmin(tx, entity);
    const action = before ? 'member.update' : 'member.add';
    await audit(tx, actor, {
      entityId: entity.id,
      action,
      target: user.email,
      data: { role: input.role, before: before?.role ?? null },
    });
    return after;
  });
  s.bus.publish({ type: 'credentials' });
  return toMember(row);
}

/** Takes a member out of a team; admins anyone, others themselves. The last admin stays: 409. */
export async function removeMember(
  s: Services,
  actor: Actor,
  input: { entity: string; userId: string },
): Promise<void> {
  const leaving = actor.kind === 'user' && actor.userId === input.userId;
  const entity = await requireTeam(s, actor, input.entity, leaving ? 'viewer' : 'admin');
  await s.prisma.$transaction(async (tx) => {
    await lockMembers(tx, entity.id);
    const rows = await tx.membership.findMany({ where: { entityId: entity.id }, include: { user: true } });
    const member = rows.find(({ userId }) => userId === input.userId);
    if (!member) throw notFound('The member');
    await tx.membership.delete({
      where: { entityId_userId: { entityId: entity.id, userId: member.userId } },
    });
    await keepAnAdmin(tx, entity);
    await audit(tx, actor, {
      entityId: entity.id,
      action: 'member.remove',
      target: member.user.email,
      data: { before: member.role },
    });
  });
  s.bus.publish({ type: 'credentials' });
}

async function requireTeam(s: Services, actor: Actor, name: string, role: RoleName): Promise<EntityAccess> {
  const entity = await requireEntity(s, actor, name, role);
  if (entity.kind === 'user') {
    throw refused(
      `${entity.name} is a user's own space and has no other members. Make a team to share queues.`,
    );
  }
  return entity;
}

/** Changes of members of one team go one after another, so that two of them cannot take away its last two admins. */
const lockMembers = (tx: Prisma.TransactionClient, entityId: string) =>
  tx.$executeRaw`SELECT 1 FROM entities WHERE id = ${entityId}::uuid FOR UPDATE`;

async function keepAnAdmin(tx: Prisma.TransactionClient, entity: EntityAccess): Promise<void> {
  const admins = await tx.membership.count({ where: { entityId: entity.id, role: 'admin' } });
  if (admins === 0) {
    throw new ProblemError(
      'conflict',
      `This is the last admin of ${entity.name}: make somebody else admin first.`,
      { code: 'last-admin' },
    );
  }
}

function toMember(row: Prisma.MembershipGetPayload<{ include: { user: true } }>): Member {
  const { id: userId, email, name } = row.user;
  return { userId, email, name, role: row.role, createdAt: row.createdAt.toISOString() };
}
