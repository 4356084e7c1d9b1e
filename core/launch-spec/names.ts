import { ADJECTIVES, NOUNS } from './words';

/** Random bytes that `generateRunId` needs. */
export const RUN_ID_BYTES = 24;
const LENGTH = 12;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `${LETTERS}0123456789`;

/**
 * A run id of 12 characters that begins with a letter (about 61 bits), from random bytes of a cryptographic source. Bytes that would
 * make some characters likelier than others are passed over.
 *
 * @throws RangeError when the bytes do not suffice; with 24 of them that happens less than once in 10^10 times, so ask again.
 */
export function generateRunId(random: Uint8Array): string {
  let id = '';
  for (const byte of random) {
    const alphabet = id === '' ? LETTERS : CHARACTERS;
    if (byte >= 256 - (256 % alphabet.length)) continue;
    id += alphabet.charAt(byte % alphabet.length);
    if (id.length === LENGTH) return id;
  }
  throw new RangeError(`a run id needs more than ${random.length} random bytes; give ${RUN_ID_BYTES}`);
}

/** Two words and a number, such as `quiet-harbor-417`. `random` gives numbers in [0, 1), as `Math.random` does. */
export function generateRunName(random: () => number): string {
  return `${pick(ADJECTIVES, random)}-${pick(NOUNS, random)}-${1 + Math.floor(random() * 999)}`;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? 'run';
}
