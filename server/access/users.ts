import { ProblemError, notFound, refused } from '@/core/problems';
import type { CreateUser, JsonObject, Page, PageQuery, User } from '@/core/wire';
import { audit } from '../audit';
import type { Prisma } from '../db/generated/client';
import type { Services } from '../services';
import type { Actor } from './actor';
import { insertUser, toUser } from './new-user';
import { hashPassword, passwordMatches } from './passwords';
import { countSignIn, forgiveSignIns } from './rate-limit';
import { requireInstanceAdmin, requireUser } from './require-entity';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Every user of the instance in order of making; instance admins only. */
export async function listUsers(
  s: Services,
  actor: Actor,
  input: Partial<PageQuery> = {},
): Promise<Page<User>> {
  requireInstanceAdmin(actor);
  const limit = input.limit ?? 50;
  if (input.cursor !== undefined && !UUID.test(input.cursor))
    throw new ProblemError('unreadable', 'cursor is not one that this list gave.');
  const rows = await s.prisma.user.findMany({
    ...(input.cursor === undefined ? {} : { where: { id: { gt: input.cursor } } }),
    orderBy: { id: 'asc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(toUser);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A user with a password to hand over, and its own space; instance admins only. E-mail or name taken: 409. */
export async function createUser(s: Services, actor: Actor, input: CreateUser): Promise<User> {
  requireInstanceAdmin(actor);
  const { email, name, username, isAdmin } = input;
  const passwordHash = await hashPassword(input.password);
  const user = await s.prisma.$transaction(async (tx) => {
    const row = await insertUser(tx, { email, name, username, passwordHash, isAdmin });
    await audit(tx, actor, { entityId: null, action: 'user.create', target: email, data: { isAdmin } });
    return row;
  });
  return toUser(user);
}

export interface UpdateUser {
  id: string;
  name?: string | undefined;
  isAdmin?: boolean | undefined;
  disabled?: boolean | undefined;
  password?: string | undefined;
}

/**
 * Instance admins only. Disabling and a new password end every session; disabling stops the user's API keys too (they work again when
 * it is enabled). The last admin who can sign in stays one: 409.
 */
export async function updateUser(s: Services, actor: Actor, input: UpdateUser): Promise<User> {
  requireInstanceAdmin(actor);
  const passwordHash = input.password === undefined ? undefined : await hashPassword(input.password);
  const user = await s.prisma.$transaction(async (tx) => {
    await lockAdmins(tx);
    const before = UUID.test(input.id) ? await tx.user.findUnique({ where: { id: input.id } }) : null;
    if (!before) throw notFound('The user');
    const data: Prisma.UserUpdateInput = {};
    if (input.name !== undefined) data.name = input.name;
    if (input.isAdmin !== undefined) data.isAdmin = input.isAdmin;
    if (input.disabled !== undefined && input.disabled !== (before.disabledAt !== null))
      data.disabledAt = input.disabled ? new Date() : null;
    if (passwordHash !== undefined) data.passwordHash = passwordHash;
    if (data.disabledAt instanceof Date || passwordHash !== undefined) data.sessionVersion = { increment: 1 };
    const after = await tx.user.update({ where: { id: before.id }, data });
    if ((await tx.user.count({ where: { isAdmin: true, disabledAt: null } })) === 0) {
      throw new ProblemError('conflict', 'This is the last admin of the instance: make another one first.', {
        code: 'last-admin',
      });
    }
    await audit(tx, actor, {
      entityId: null,
      action: 'user.update',
      target: before.email,
      data: changesOf(input),
    });
    return after;
  });
  s.bus.publish({ type: 'credentials' });
  return toUser(user);
}

/** Two admins who demote each other at the same time must not both succeed. */
const lockAdmins = (tx: Prisma.TransactionClient) =>
  tx.$executeRaw`SELECT 1 FROM users WHERE is_admin ORDER BY id FOR UPDATE`;

function changesOf({ name, isAdmin, disabled, password }: UpdateUser): JsonObject {
  return {
    ...(name === undefined ? {} : { name }),
    ...(isAdmin === undefined ? {} : { isAdmin }),
    ...(disabled === undefined ? {} : { disabled }),
    ...(password === undefined ? {} : { password: 'changed' }),
  };
}

/**
 * The user's own password. Every session of the user ends; the answer is the version a new session of the caller must carry.
 * The current password is asked for under the same rate limit as a sign-in.
 */
export async function changePassword(
  s: Services,
  actor: Actor,
  input: { current: string; password: string; ip: string },
): Promise<{ sessionVersion: number }> {
  const { userId, email } = requireUser(actor);
  await countSignIn(s, email, input.ip);
  const user = await s.prisma.user.findUnique({ where: { id: userId } });
  if (!(await passwordMatches(user?.passwordHash ?? null, input.current))) {
    throw refused('The current password is wrong.', [{ path: 'current', message: 'is wrong' }]);
  }
  await forgiveSignIns(s, email, input.ip);
  const passwordHash = await hashPassword(input.password);
  const after = await s.prisma.$transaction(async (tx) => {
    const row = await tx.user.update({
      where: { id: userId },
      data: { passwordHash, sessionVersion: { increment: 1 } },
    });
    await audit(tx, actor, { entityId: null, action: 'user.change-password', target: email });
    return row;
  });
  s.bus.publish({ type: 'credentials' });
  return { sessionVersion: after.sessionVersion };
}

/** Ends every browser session of the user, the one that asks included; API keys stay. */
export async function signOutEverywhere(s: Services, actor: Actor): Promise<void> {
  const { userId, email } = requireUser(actor);
  await s.prisma.$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: { sessionVersion: { increment: 1 } } });
    await audit(tx, actor, { entityId: null, action: 'user.sign-out-everywhere', target: email });
  });
  s.bus.publish({ type: 'credentials' });
}
