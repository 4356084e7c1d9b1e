import { createHash, timingSafeEqual } from 'node:crypto';
import { ProblemError, refused } from '@/core/problems';
import type { Setup, User } from '@/core/wire';
import { audit } from '../audit';
import type { Services } from '../services';
import { insertUser, toUser } from './new-user';
import { hashPassword } from './passwords';

/** Any constant; held for the length of one transaction so that two first set-ups cannot both find no user. */
const SET_UP_LOCK = 7_316_001;

/** Whether there is no user yet: the first one is made by `setUp`. */
export async function needsSetup(s: Services): Promise<boolean> {
  const { rows } = await s.pool.query<{ needed: boolean }>(
    'SELECT NOT EXISTS (SELECT 1 FROM users) AS needed',
  );
  return rows[0]?.needed ?? false;
}

/** Makes the first user, an admin of the instance, with its own space; 409 once there is any user. */
export async function setUp(s: Services, input: Setup): Promise<User> {
  requireSetupToken(s, input.token);
  // Asked before the costly hash, and again under the lock.
  if (!(await needsSetup(s))) throw alreadySetUp();
  const passwordHash = await hashPassword(input.password);
  const { email, name, username } = input;
  return s.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SET_UP_LOCK})`;
    if ((await tx.user.count()) > 0) throw alreadySetUp();
    const user = await insertUser(tx, { email, name, username, passwordHash, isAdmin: true });
    await audit(tx, { kind: 'system' }, { entityId: null, action: 'instance.set-up', target: email });
    return toUser(user);
  });
}

/** Compared as digests: in constant time, whatever the lengths. */
function requireSetupToken(s: Services, given: string | undefined): void {
  const expected = s.config.SLIPWAY_SETUP_TOKEN;
  if (expected === undefined) return;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (given !== undefined && timingSafeEqual(digest(given), digest(expected))) return;
  const message = 'must be the value of SLIPWAY_SETUP_TOKEN in the configuration of the server';
  throw refused('The set-up token is not right.', [{ path: 'token', message }]);
}

const alreadySetUp = () =>
  new ProblemError('conflict', 'This Slipway is set up already. Sign in, or ask an admin for an account.', {
    code: 'already-set-up',
  });
