import { createHash, randomBytes } from 'node:crypto';

export const API_KEY_PREFIX = 'slw_key_';
export const AGENT_TOKEN_PREFIX = 'slw_agent_';
/** Characters of the random part that stay visible, to know a token by. */
const VISIBLE = 6;

export interface NewToken {
  /** Shown once, never stored. */
  token: string;
  /** The first characters, stored. */
  prefix: string;
  hash: Buffer<ArrayBuffer>;
}

/** 256 random bits behind a prefix that secret scanners can find. */
export function newToken(kind: typeof API_KEY_PREFIX | typeof AGENT_TOKEN_PREFIX): NewToken {
  const token = kind + randomBytes(32).toString('base64url');
  return { token, prefix: token.slice(0, kind.length + VISIBLE), hash: hashToken(token) };
}

/** SHA-256: enough for 256 random bits, and the same for all so that the row is found by it. */
export const hashToken = (token: string): Buffer<ArrayBuffer> => createHash('sha256').update(token).digest();

/** When a token that lives `days` ends; null: never. */
export const expiryIn = (days: number | null): Date | null =>
  days === null ? null : new Date(Date.now() + days * 86_400_000);
