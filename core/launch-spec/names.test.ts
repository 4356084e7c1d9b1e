import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RUN_ID, nameSchema } from '@/core/wire';
import { RUN_ID_BYTES, generateRunId, generateRunName } from '.';
import { ADJECTIVES, NOUNS } from './words';

it('makes run ids of 12 characters that begin with a letter', () => {
  const ids = new Set(
    Array.from({ length: 500 }, () => generateRunId(crypto.getRandomValues(new Uint8Array(RUN_ID_BYTES)))),
  );
  expect(ids.size).toBe(500);
  for (const id of ids) {
    expect(id).toMatch(RUN_ID);
    expect(id).toHaveLength(12);
  }
});
it('refuses too little chance', () => {
  expect(() => generateRunId(new Uint8Array(5))).toThrow(RangeError);
  expect(() => generateRunId(new Uint8Array(RUN_ID_BYTES).fill(255))).toThrow(RangeError);
});
it('makes names of two words and a number', () => {
  fc.assert(
    fc.property(fc.float({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (number) => {
      const name = generateRunName(() => number);
      expect(name).toMatch(/^[a-z]+-[a-z]+-[1-9]\d{0,2}$/);
      expect(nameSchema.safeParse(name).success).toBe(true);
    }),
  );
  for (const list of [ADJECTIVES, NOUNS]) {
    expect(list.length).toBeGreaterThanOrEqual(60);
    expect(new Set(list).size).toBe(list.length);
  }
});
