import { expect, it } from 'vitest';
import { readRange, writeRange } from './range';

const now = Date.parse('2026-08-20T12:00:30Z');

it('reads ranges by name and by hand, and falls back to a day', () => {
  expect(readRange({ range: '1h', from: '', to: '' }, now)).toEqual({
    name: '1h',
    from: Date.parse('2026-08-20T11:01:00Z'),
    to: Date.parse('2026-08-20T12:01:00Z'),
  });
  expect(readRange({ range: 'x', from: 'y', to: '' }, now).name).toBe('24h');
  const chosen = writeRange(Date.parse('2026-08-20T10:00:00Z'), Date.parse('2026-08-20T09:00:00Z'));
  expect(chosen).toEqual({ range: '', from: '2026-08-20T09:00:00Z', to: '2026-08-20T10:00:00Z' });
  expect(readRange(chosen, now)).toEqual({
    name: undefined,
    from: Date.parse('2026-08-20T09:00:00Z'),
    to: Date.parse('2026-08-20T10:00:00Z'),
  });
});

it('never makes a range of nothing', () => {
  expect(writeRange(now, now).to).toBe('2026-08-20T12:01:30Z');
});
