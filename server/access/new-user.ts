import { ProblemError } from '@/core/problems';
import type { User } from '@/core/wire';
import { Prisma } from '../db/generated/client';
import type { User as UserRow } from '../db/generated/client';

export interface NewUser {
  email: string;
  name: string;
  /** Names the user's own space; without one it is made from the e-mail. */
  username?: string | undefined;
  passwordHash: string | null;
  isAdmin: boolean;
}

/** A user together with its own space. E-mail or name taken: 409. */
export async function insertUser(tx: Prisma.TransactionClient, input: NewUser): Promise<UserRow> {
  if (await tx.user.findUnique({ where: { email: input.email }, select: { id: true } }))
    throw emailTaken(input.email);
  const space = input.username ?? (await freeName(tx, input.email));
  if (await entityNameTaken(tx, space)) throw nameTaken(space, 'username');
  const { email, name, passwordHash, isAdmin } = input;
  try {
    const user = await tx.user.create({ data: { email, name, passwordHash, isAdmin } });
    await tx.entity.create({
      data: { name: space, kind: 'user', memberships: { create: { userId: user.id, role: 'admin' } } },
    });
    return user;
  } catch (error) {
    // Two at the same time: the unique indexes decide, and the loser's transaction is rolled back.
    if (isUniqueViolation(error))
      throw new ProblemError('conflict', 'The e-mail or the name has just been taken.', {
        code: 'name-taken',
      });
    throw error;
  }
}

/** First parts of paths of the web app, where names of entities stand too. */
const RESERVED = new Set([
  'account',
  'api',
  'healthz',
  'metrics',
  'readyz',
  'runs',
  'setup',
  'sign-in',
  '_next',
  'icon.svg',
  'favicon.ico',
]);

/** Names of entities are unique without regard to case: "Team" and "team" would be told apart by nobody. */
export async function entityNameTaken(tx: Prisma.TransactionClient, name: string): Promise<boolean> {
  if (RESERVED.has(name.toLowerCase())) return true;
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM entities WHERE lower(name) = lower(${name})`;
  return rows.length > 0;
}

/** @param field where the request holds the name */
export const nameTaken = (name: string, field: 'name' | 'username' = 'name') =>
  new ProblemError(
    'conflict',
    `The name ${JSON.stringify(name)} is taken by another user or team, or by a page.`,
    {
      code: 'name-taken',
      errors: [{ path: field, message: 'is taken' }],
    },
  );

const emailTaken = (email: string) =>
  new ProblemError('conflict', `There is a user with the e-mail ${email} already.`, {
    code: 'email-taken',
    errors: [{ path: 'email', message: 'is taken' }],
  });

/** Whether a unique index refused the row, as Prisma reports it for its own calls and for raw SQL. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError &&
  (error.code === 'P2002' || (error.code === 'P2010' && /23505/.test(error.message)));

/** The part of the e-mail before the `@`, made a legal name, with a number where it is taken. */
async function freeName(tx: Prisma.TransactionClient, email: string): Promise<string> {
  const base =
    (email.split('@')[0] ?? '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 56) || 'user';
  const taken = await tx.$queryRaw<
    { name: string }[]
  >`SELECT lower(name) AS name FROM entities WHERE starts_with(lower(name), lower(${base}))`;
  const names = new Set([...RESERVED, ...taken.map(({ name }) => name)]);
  let candidate = base;
  for (let n = 2; names.has(candidate.toLowerCase()); n++) candidate = `${base}-${n}`;
  return candidate;
}

export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  isAdmin: row.isAdmin,
  disabled: row.disabledAt !== null,
  createdAt: row.createdAt.toISOString(),
});
