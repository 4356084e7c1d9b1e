import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { launchSchema } from '@/core/wire';
import { ProblemError } from '@/core/problems';
import { check, checkJson } from './validate';

function errorsOf(schema: z.ZodType, value: unknown) {
  try {
    check(schema, value, 'The body');
  } catch (error) {
    if (error instanceof ProblemError) return error.errors;
    throw error;
  }
  return [];
}

describe('check', () => {
  it('names what is missing, unknown and of the wrong type, by dotted path', () => {
    const schema = z.object({ runs: z.array(z.object({ name: z.string() }).strict()), on: z.boolean() });
    expect(errorsOf(schema, { runs: [{ name: 'a' }, { name: 5, extra: 1 }] })).toEqual([
      { path: 'runs.1.name', message: 'must be a string, not a number' },
      { path: 'runs.1.extra', message: 'is not known here' },
      { path: 'on', message: 'is required' },
    ]);
  });

  it('lets the branch of a union speak that came furthest', () => {
    const errors = errorsOf(launchSchema, { entrypoint: ['python', 3] });
    expect(errors).toEqual([{ path: 'entrypoint.1', message: 'must be a string, not a number' }]);
  });
});

describe('checkJson', () => {
  it('refuses NUL and half surrogates wherever they are', () => {
    expect(() => {
      checkJson({ a: ['x', 'y\0'] });
    }).toThrow(ProblemError);
    expect(() => {
      checkJson({ 'k\0': 1 });
    }).toThrow(ProblemError);
    expect(() => {
      checkJson({ a: '\ud800' });
    }).toThrow(ProblemError);
    expect(() => {
      checkJson({ a: '🚀' });
    }).not.toThrow();
    expect(() => {
      checkJson({ data: 'a\0b' }, { allowNul: true });
    }).not.toThrow();
  });
});
