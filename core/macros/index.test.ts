import { expect, it } from 'vitest';
import type { Json } from '@/core/wire';
import { findMacros, replaceMacros } from '.';

const lookup = (name: string) => ({ run_id: 'abc', run_name: '${run_id}' })[name];

it('replaces known macros in every text, once, and leaves keys and unknown ones', () => {
  const value: Json = { 'a/b': ['${run_id}-x', '${other}', 1], '${run_id}': '$run_id ${run_name}', c: null };
  expect(replaceMacros(value, lookup)).toEqual({
    value: { 'a/b': ['abc-x', '${other}', 1], '${run_id}': '$run_id ${run_id}', c: null },
    replaced: ['/a~1b/0', '/${run_id}'],
  });
});

it('finds macros with their offsets', () => {
  expect(findMacros('x ${run_id}${a}')).toEqual([
    { name: 'run_id', start: 2, end: 11 },
    { name: 'a', start: 11, end: 15 },
  ]);
});
