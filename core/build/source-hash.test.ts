import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceTag, type HashedFile } from '.';

const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const tree = fc
  .uniqueArray(
    fc.record({ path: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), sha256: digest }),
    {
      selector: ({ path }) => path.normalize('NFC'),
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((files): HashedFile[] => files);
const FILES = [
  { path: 'train.py', sha256: 'a'.repeat(64) },
  { path: 'lib/data.py', sha256: 'b'.repeat(64) },
];

describe('the tag of a source', () => {
  it('is the documented function', async () => {
    // printf 'slipway-source 1\ndockerfile %s\n%s 11:lib/data.py\n%s 8:train.py\n' "$(printf 'FROM x\n' | sha256sum | cut -c-64)" bbb… aaa… | sha256sum
    expect(await sourceTag(FILES, 'FROM x\n')).toBe('d9b5e0ab1194b1a20936c1534ddf3e21a216d684');
  });

  it('does not depend on the order in which a file system lists its files', () =>
    fc.assert(
      fc.asyncProperty(tree, fc.string(), fc.gen(), async (files, dockerfile, gen) => {
        const shuffled = gen(fc.shuffledSubarray, files, { minLength: files.length });
        expect(await sourceTag(shuffled, dockerfile)).toBe(await sourceTag(files, dockerfile));
      }),
    ));

  it('changes with every file, path and the Dockerfile', () =>
    fc.assert(
      fc.asyncProperty(tree, fc.string(), digest, fc.nat(), async (files, dockerfile, other, pick) => {
        const index = pick % files.length;
        const changed = files.with(index, { path: files[index]!.path, sha256: other });
        const renamed = files.with(index, {
          path: `${files[index]!.path}x${pick}`,
          sha256: files[index]!.sha256,
        });
        const tags = await Promise.all([
          sourceTag(files, dockerfile),
          sourceTag(files, `${dockerfile} `),
          sourceTag(files.toSpliced(index, 1), dockerfile),
          sourceTag(renamed, dockerfile),
          ...(files[index]!.sha256 === other ? [] : [sourceTag(changed, dockerfile)]),
        ]);
        expect(new Set(tags).size).toBe(tags.length);
      }),
    ));

  it('is the same where a file system decomposes its names', async () => {
    const named = (path: string) => sourceTag([{ path, sha256: 'a'.repeat(64) }], '');
    expect(await named('daten-\u00e4.csv')).toBe(await named('daten-a\u0308.csv'));
  });

  it('cannot be forged by a line feed in a name', async () => {
    const sha256 = 'a'.repeat(64);
    const two = await sourceTag(
      [
        { path: 'a', sha256 },
        { path: 'b', sha256 },
      ],
      '',
    );
    expect(await sourceTag([{ path: `a\n${sha256} 1:b`, sha256 }], '')).not.toBe(two);
  });
});
