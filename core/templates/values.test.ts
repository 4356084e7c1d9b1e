import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TemplateVariable, TemplateVariables } from '@/core/wire';
import { checkTemplates, checkValues } from '.';
import { compilePattern } from './pattern';

const tile = (variable: TemplateVariable) =>
  checkTemplates({ readable: false, placeholders: [] }, { x: variable }).map(({ message }) => message);
const value = (variable: TemplateVariable, given: string | number | boolean | null) =>
  checkValues({ x: variable }, { x: given });

describe('checkTemplates', () => {
  it.each<[string, TemplateVariable, string]>([
    ['min > max', { type: 'integer', min: 5, max: 1 }, 'greater than the maximum'],
    ['default out of range', { type: 'float', max: 1, default: 1.5 }, 'at most 1'],
    ['default not among options', { type: 'string', options: ['a'], default: 'b' }, 'one of "a"'],
    ['fraction for an integer', { type: 'integer', default: 1.5 }, 'whole number'],
    ['fraction as minimum', { type: 'integer', min: 0.5 }, 'whole number'],
    ['unsafe integer', { type: 'integer', default: 2 ** 53 }, 'too large'],
    ['NaN', { type: 'float', default: Number.NaN }, 'NaN'],
    ['option of another type', { type: 'integer', options: ['1'] }, 'without quotes'],
    ['number as text option', { type: 'string', options: [1] }, 'must be a text'],
    ['option out of range', { type: 'integer', max: 3, options: [4] }, 'at most 3'],
    ['option twice', { type: 'string', options: ['a', 'a'] }, 'twice'],
    ['bad pattern', { type: 'string', pattern: '(' }, 'not a regular expression'],
    ['back reference', { type: 'string', pattern: '(a)\\1' }, 'back references'],
    ['look-ahead', { type: 'string', pattern: '(?=a)a' }, 'look-around'],
    ['huge repetition', { type: 'string', pattern: '(a{1000}){1000}' }, 'too large'],
    ['range of a text', { type: 'string', min: 1 }, 'no minimum'],
  ])('refuses %s', (_name, variable, message) => {
    expect(tile(variable)).toEqual([expect.stringContaining(message)]);
  });

  it('accepts tiles in order', () => {
    expect(tile({ type: 'integer', min: 1, max: 8, default: 2, options: [1, 2, 4] })).toEqual([]);
    expect(tile({ type: 'string', pattern: 'ml\\..+', default: 'ml.x', description: 'Instance' })).toEqual(
      [],
    );
  });
});

describe('checkValues', () => {
  const integer: TemplateVariable = { type: 'integer', min: 1, max: 8 };

  it.each<[TemplateVariable, string | number, string | number]>([
    [integer, 4, 4],
    [integer, '4', 4],
    [{ type: 'float' }, '4.5', 4.5],
    [{ type: 'float' }, '-1e-3', -0.001],
    [{ type: 'float' }, 3, 3],
    [{ type: 'string' }, '', ''],
    [{ type: 'string' }, '4', '4'],
  ])('takes %j: %j', (variable, given, expected) => {
    expect(value(variable, given)).toEqual({ ok: true, values: { x: expected } });
  });

  it.each<[TemplateVariable, string | number | boolean | null]>([
    [integer, '4.5'],
    [integer, 4.5],
    [integer, ''],
    [integer, '0x2'],
    [integer, ' 4 '],
    [integer, '1e0'],
    [integer, 9],
    [integer, true],
    [integer, null],
    [{ type: 'integer' }, '9007199254740993'],
    [{ type: 'float' }, 'NaN'],
    [{ type: 'float' }, '1e999'],
    [{ type: 'float' }, Number.POSITIVE_INFINITY],
    [{ type: 'string' }, 4],
    [{ type: 'string' }, false],
    [{ type: 'string' }, 'a\u0000'],
    [{ type: 'string' }, '\ud800'],
    [{ type: 'string', pattern: 'a+' }, 'aab'],
  ])('refuses %j: %j', (variable, given) => {
    expect(value(variable, given)).toMatchObject({ ok: false, errors: [{ path: 'templateValues.x' }] });
  });

  it('names everything that is wrong at once', () => {
    const templates: TemplateVariables = {
      gpus: { type: 'integer', max: 8 },
      zone: { type: 'string', options: ['a', 'b'] },
      size: { type: 'float' },
      image: { type: 'string', default: 'busybox' },
    };
    expect(checkValues(templates, { gpu: 1, gpus: 9, zone: 'c' })).toEqual({
      ok: false,
      errors: [
        { path: 'templateValues.gpu', message: 'There is no variable "gpu" (did you mean "gpus"?).' },
        { path: 'templateValues.gpus', message: '"gpus" must be at most 8, not 9.' },
        { path: 'templateValues.zone', message: '"zone" must be one of "a", "b", not "c".' },
        { path: 'templateValues.size', message: 'A value for "size" is missing, and it has no default.' },
      ],
    });
  });

  it('knows variables that are called like members of objects', () => {
    expect(checkValues(Object.fromEntries([['constructor', { type: 'string' as const }]]), {})).toMatchObject(
      { ok: false },
    );
    expect(checkValues({}, { toString: 'x' })).toMatchObject({ ok: false });
  });
});

describe('patterns', () => {
  it('hold for the whole value', () => {
    expect(value({ type: 'string', pattern: 'ml\\.[a-z0-9.]+|cpu' }, 'ml.m4.xlarge')).toMatchObject({
      ok: true,
    });
    expect(value({ type: 'string', pattern: 'a|b' }, 'ab')).toMatchObject({ ok: false });
  });

  it('take no time to speak of, whatever they are', () => {
    const start = performance.now();
    expect(value({ type: 'string', pattern: '((a+)+|(a|a)*)*b' }, 'a'.repeat(4000))).toMatchObject({
      ok: false,
    });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('mean what they mean to JavaScript', () => {
    const piece = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '(a|b)', '(?:ab)', '(?<n>b)', '^', '$', '\\.', 'é', '\\u{1f600}', '\\p{L}', '[\\]a-c]'); // prettier-ignore
    const count = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?');
    const term = fc
      .tuple(piece, count)
      .map(([what, times]) => (what === '^' || what === '$' ? what : what + times));
    const pattern = fc.array(fc.array(term, { maxLength: 4 }), { minLength: 1, maxLength: 3 }).map((options) => options.map((o) => o.join('')).join('|')); // prettier-ignore
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '1', '.', 'é', '😀', '\n', ']'), { maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (source, chars) => {
        fc.pre((source.match(/<n>/g) ?? []).length < 2);
        const compiled = compilePattern(source);
        if (!compiled.ok) throw new Error(compiled.message);
        const subject = chars.join('');
        expect(compiled.pattern.matches(subject)).toBe(new RegExp(`^(?:${source})$`, 'u').test(subject));
      }),
      { numRuns: 2000 },
    );
  });
});
