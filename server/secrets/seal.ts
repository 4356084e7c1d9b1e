import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ServerConfig } from '../config';

const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D: 96 random bits a message. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealed {
  /** Which key of the list encrypted it. */
  keyId: string;
  nonce: Uint8Array<ArrayBuffer>;
  /** The tag is at the end. */
  ciphertext: Uint8Array<ArrayBuffer>;
}
export type SecretKeys = Pick<ServerConfig, 'SLIPWAY_SECRET_KEYS'>;

/** Encrypts with the first key of the list. `boundTo` names the place it belongs to: it opens nowhere else. */
export function sealBytes(
  { SLIPWAY_SECRET_KEYS: [first] }: SecretKeys,
  plaintext: Uint8Array,
  boundTo: string,
): Sealed {
  if (!first) throw new Error('SLIPWAY_SECRET_KEYS holds no key.');
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const cipher = createCipheriv(ALGORITHM, first.key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo, 'utf8'));
  const ciphertext = new Uint8Array(
    Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]),
  );
  return { keyId: first.id, nonce, ciphertext };
}

/** Opens what `sealBytes` made with any key of the list; throws when it was changed, moved, or its key is not in the list any more. */
export function openBytes(
  { SLIPWAY_SECRET_KEYS: keys }: SecretKeys,
  { keyId, nonce, ciphertext }: Sealed,
  boundTo: string,
): Uint8Array {
  const key = keys.find(({ id }) => id === keyId)?.key;
  if (!key) throw new Error(`SLIPWAY_SECRET_KEYS has no key ${keyId}, which encrypted this secret.`);
  if (ciphertext.length < TAG_BYTES) throw new Error('The encrypted secret is cut short.');
  const split = ciphertext.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo, 'utf8'));
  decipher.setAuthTag(ciphertext.subarray(split));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, split)), decipher.final()]);
}
