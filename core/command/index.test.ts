import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '@/core/problems';
import { quoteCommand, splitCommand } from '.';

describe('splitCommand', () => {
  it.each([
    ['', []],
    [' \t\n ', []],
    ['python train.py --lr 0.1', ['python', 'train.py', '--lr', '0.1']],
    ['echo \'a b\'"c d"e', ['echo', 'a bc de']],
    ['a "" \'\' b', ['a', '', '', 'b']],
    [String.raw`a\ b "c\"d" 'e\f' "g\h" \\`, ['a b', 'c"d', String.raw`e\f`, String.raw`g\h`, '\\']],
    [
      'echo $HOME `ls` *.py ~ # no | ; && comment',
      ['echo', '$HOME', '`ls`', '*.py', '~', '#', 'no', '|', ';', '&&', 'comment'],
    ],
    ['one \\\n two "th\\\nree"', ['one', 'two', 'three']],
    ['ünï "汉 字" 🚀', ['ünï', '汉 字', '🚀']],
  ])('splits %j', (text, words) => expect(splitCommand(text)).toEqual(words));

  it.each([
    ["echo 'oops", 'single quote at character 6'],
    ['echo "oops', 'double quote at character 6'],
    ['echo oops\\', 'lone "\\"'],
  ])('refuses %j and says where', (text, message) => {
    expect(() => splitCommand(text)).toThrow(ProblemError);
    expect(() => splitCommand(text)).toThrow(message);
  });
});

describe('quoteCommand', () => {
  it('leaves plain words bare and quotes the rest', () => {
    expect(quoteCommand(['docker', 'run', '--env', 'A=b c', "it's", ''])).toBe(
      `docker run --env 'A=b c' 'it'\\''s' ''`,
    );
    expect(quoteCommand(['<image>', '~', '#x', '$(id)'])).toBe(`'<image>' '~' '#x' '$(id)'`);
  });
  it('comes back the same when split', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (argv) => {
        expect(splitCommand(quoteCommand(argv))).toEqual(argv);
      }),
    );
  });
});
