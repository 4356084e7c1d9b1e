import { ProblemError, forbidden } from '@/core/problems';
import { emailSchema } from '@/core/wire';
import { audit } from '../audit';
import type { User } from '../db/generated/client';
import type { Services } from '../services';
import { insertUser } from './new-user';
import { passwordMatches } from './passwords';
import { countSignIn, forgiveSignIns } from './rate-limit';

/** What a browser session is made of. */
export interface SignedIn {
  userId: string;
  sessionVersion: number;
  name: string;
  email: string;
  isAdmin: boolean;
}

const MAX_PASSWORD = 200;

/**
 * The user with this e-mail and password, or null without saying which of the two was wrong. Too many failures: 429.
 * `ip` is the client's address.
 */
export async function verifyPassword(
  s: Services,
  input: { email: string; password: string; ip: string },
): Promise<SignedIn | null> {
  const email = emailSchema.safeParse(input.email);
  if (!email.success || input.password.length > MAX_PASSWORD) return null;
  await countSignIn(s, email.data, input.ip);
  const user = await s.prisma.user.findUnique({ where: { email: email.data } });
  const matches = await passwordMatches(user?.passwordHash ?? null, input.password);
  if (!user || !matches || user.disabledAt) return null;
  await forgiveSignIns(s, email.data, input.ip);
  return signedIn(user);
}

export interface OidcProfile {
  /** Id of the provider (its issuer). */
  provider: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

/**
 * The user of a sign-in at an OIDC provider: the one linked to the subject, else the one with the same e-mail (linked from now on),
 * else a new one without rights. Linking and making need an e-mail that the provider has verified; the first user of an instance
 * comes from set-up only.
 */
export async function signInWithOidc(s: Services, profile: OidcProfile): Promise<SignedIn> {
  const { provider, subject } = profile;
  const linked = await s.prisma.account.findUnique({
    where: { provider_providerAccountId: { provider, providerAccountId: subject } },
    include: { user: true },
  });
  const user = linked?.user ?? (await linkAccount(s, profile));
  if (user.disabledAt) throw forbidden('This account is disabled. Ask an admin of this Slipway.');
  return signedIn(user);
}

async function linkAccount(
  s: Services,
  { provider, subject, email, emailVerified, name }: OidcProfile,
): Promise<User> {
  const address = emailSchema.safeParse(email);
  if (!address.success || !emailVerified) {
    throw new ProblemError(
      'forbidden',
      'Your sign-in provider has not verified your e-mail address, so it cannot be linked to an account.',
      {
        code: 'email-not-verified',
      },
    );
  }
  return s.prisma.$transaction(async (tx) => {
    if ((await tx.user.count()) === 0)
      throw forbidden('This Slipway is not set up yet: the first admin is made on its set-up page.');
    const known = await tx.user.findUnique({ where: { email: address.data } });
    // A disabled account gets no new way in.
    if (known?.disabledAt) return known;
    const user =
      known ??
      (await insertUser(tx, {
        email: address.data,
        name: displayName(name, address.data),
        passwordHash: null,
        isAdmin: false,
      }));
    await tx.account.create({ data: { provider, providerAccountId: subject, userId: user.id } });
    const action = known ? 'user.link' : 'user.create';
    await audit(tx, { kind: 'system' }, { entityId: null, action, target: user.email, data: { provider } });
    return user;
  });
}

const displayName = (name: string | null, email: string): string =>
  name
    ?.replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100) || email;

const signedIn = ({ id, sessionVersion, name, email, isAdmin }: User): SignedIn => ({
  userId: id,
  sessionVersion,
  name,
  email,
  isAdmin,
});
