import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker, maskPatterns, maskText } from './mask';

const maskInPieces = (secrets: string[], pieces: Uint8Array[]) => {
  const masker = createMasker(maskPatterns(secrets));
  return Buffer.concat([...pieces.map((piece) => masker.push(piece)), masker.flush()]);
};
const cut = (data: Buffer, at: number[]): Uint8Array[] => {
  const places = [...new Set([0, ...at.map((n) => n % (data.length + 1)), data.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, i) => data.subarray(places[i], end));
};

describe('masking', () => {
  it('hides a secret that is cut over three pieces', () => {
    const pieces = ['token=hun', 'ter', '2-really', ' ok'].map((t) => Buffer.from(t));
    expect(maskInPieces(['hunter2-really'], pieces).toString()).toBe('token=*** ok');
  });

  it('hides each line of a secret with several lines, and its base64', () => {
    const key = '-----BEGIN KEY-----\nAAAABBBB\n-----END KEY-----';
    const masked = maskText(`x AAAABBBB y ${Buffer.from(key).toString('base64')}`, maskPatterns([key]));
    expect(masked).not.toContain('AAAABBBB');
    expect(masked).toMatch(/^x \*\*\* y \*\*\*=*$/);
  });

  it('leaves text alone when a secret is too short to mean anything', () => {
    expect(maskText('a 1 b', maskPatterns(['1', '']))).toBe('a 1 b');
  });

  it('gives out everything at once when nothing can be a secret', () => {
    const masker = createMasker(maskPatterns(['hunter2-really']));
    expect(Buffer.from(masker.push(Buffer.from('plain\n'))).toString()).toBe('plain\n');
  });

  it('gives the same in pieces as for the whole', () => {
    const letters = fc.constantFrom('a', 'b', 'é', '\n');
    const text = (min: number, max: number) =>
      fc.array(letters, { minLength: min, maxLength: max }).map((c) => c.join(''));
    fc.assert(
      fc.property(
        fc.array(text(4, 9), { maxLength: 4 }),
        text(0, 120),
        fc.array(fc.nat(), { maxLength: 12 }),
        (secrets, log, at) => {
          const data = Buffer.from(log);
          expect(maskInPieces(secrets, cut(data, at))).toEqual(maskInPieces(secrets, [data]));
          expect(maskInPieces(secrets, [data]).toString()).toBe(maskText(log, maskPatterns(secrets)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('may be taken up again at any point it has consumed', () => {
    const patterns = maskPatterns(['abab', 'babba']);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), fc.nat(), (letters, n) => {
        const data = Buffer.from(letters.join(''));
        const first = createMasker(patterns);
        const before = first.push(data.subarray(0, n % (data.length + 1)));
        const second = createMasker(patterns);
        const after = [second.push(data.subarray(first.consumed)), second.flush()];
        expect(Buffer.concat([before, ...after]).toString()).toBe(maskText(data.toString(), patterns));
      }),
    );
  });
});
