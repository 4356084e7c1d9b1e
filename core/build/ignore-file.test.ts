import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIgnoreFile } from '.';

const excluded = (text: string, ...paths: string[]) =>
  paths.filter((path) => parseIgnoreFile(text).excludes(path));

describe('.dockerignore', () => {
  it.each([
    ['*.py', ['a.py', 'b/a.py'], ['a.py']],
    ['**/*.py', ['a.py', 'b/a.py', 'b/c/a.py', 'a.pyc'], ['a.py', 'b/a.py', 'b/c/a.py']],
    ['/data/', ['data', 'data/x/y', 'database', 'a/data'], ['data', 'data/x/y']],
    ['*/temp*', ['a/temp1', 'a/temp/x', 'a/b/temp', 'temp'], ['a/temp1', 'a/temp/x']],
    ['temp?', ['tempa', 'temp', 'temp/a', 'tempab'], ['tempa']],
    ['a/**', ['a/b', 'a/b/c', 'b'], ['a/b', 'a/b/c']],
    ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z', 'az'], ['a/z', 'a/b/z', 'a/b/c/z']],
    ['**', ['a', 'a/b'], ['a', 'a/b']],
    ['[a-c]x\n[^a-c]y', ['ax', 'dx', 'ay', 'dy'], ['ax', 'dy']],
    ['a\\*b', ['a*b', 'axb'], ['a*b']],
    ['# no\n\n  sp ace  \n.', ['# no', 'sp ace', 'x'], ['sp ace']],
    ['./a/../b', ['a', 'b'], ['b']],
    ['*.md\n!README.md', ['a.md', 'README.md'], ['a.md']],
    ['*.md\n!README*.md\nREADME-secret.md', ['README.md', 'README-secret.md'], ['README-secret.md']],
    ['docs\n!docs/keep', ['docs/a', 'docs/keep', 'docs/keep/x'], ['docs/a']],
    ['a.b', ['a.b', 'axb'], ['a.b']],
  ])('%j', (text, paths, expected) => {
    expect(excluded(text, ...paths)).toEqual(expected);
  });

  it('is not looked into where nothing can come back', () => {
    expect(parseIgnoreFile('data').prunes('data')).toBe(true);
    expect(parseIgnoreFile('data\n!data/x').prunes('data')).toBe(false);
  });

  it('takes its time with no pattern, and reads any text', () => {
    const hard = `${'**/a'.repeat(200)}b`;
    expect(excluded(hard, 'a/'.repeat(2000))).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, path) => void excluded(text, path)),
    );
  });
});
