import { expect, it } from 'vitest';
import { toggled } from './row-keys';

const ids = ['a', 'b', 'c', 'd'];

it('selects and deselects one', () => {
  expect([...toggled(new Set(), ids, 'b', undefined)]).toEqual(['b']);
  expect([...toggled(new Set(['b']), ids, 'b', undefined)]).toEqual([]);
});

it('selects a range in either direction and keeps what was selected', () => {
  expect([...toggled(new Set(['a']), ids, 'd', 'c')].sort()).toEqual(['a', 'c', 'd']);
  expect([...toggled(new Set(['d']), ids, 'b', 'd')].sort()).toEqual(['b', 'c', 'd']);
});

it('takes an anchor that has left the list for none', () => {
  expect([...toggled(new Set(), ids, 'c', 'gone')]).toEqual(['c']);
});
