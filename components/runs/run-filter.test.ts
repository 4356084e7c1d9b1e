import { expect, it } from 'vitest';
import { isFiltered, readFilter, sameFilter, writeFilter } from './run-filter';

it('reads from the address what it wrote, and nothing of others', () => {
  const filter = readFilter(new URLSearchParams('q= two &state=failed&peek=abc&label='));
  expect(filter).toEqual({ q: 'two', state: 'failed' });
  const params = new URLSearchParams(writeFilter(filter));
  expect(sameFilter(readFilter(params), filter)).toBe(true);
  expect(sameFilter(filter, { ...filter, queue: 'lab' })).toBe(false);
  expect(isFiltered(readFilter(new URLSearchParams('peek=x')))).toBe(false);
});
