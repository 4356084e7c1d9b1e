import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet, argon2id (the library's default algorithm): 19 MiB, 2 passes, 1 lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

let nobodys: Promise<string> | undefined;

/**
 * Whether the password is the one of `passwordHash`. Without a hash (nobody has this e-mail, or only OIDC) it takes as long and is
 * false, so that the time tells nothing.
 */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  if (passwordHash !== null) return verify(passwordHash, password);
  nobodys ??= hashPassword(randomBytes(32).toString('base64'));
  await verify(await nobodys, password);
  return false;
}
