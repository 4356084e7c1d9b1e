import { describe, expect, it } from 'vitest';
import { formatBytes, formatClock, formatDuration, formatLocal, formatRelative, plural } from './format';

describe('formatDuration', () => {
  it.each([
    [-3, '0 s'],
    [45.9, '45 s'],
    [60, '1 min'],
    [372, '6 min 12 s'],
    [24_000, '6 h 40 min'],
    [86_400 * 3 + 4 * 3600 + 59, '3 d 4 h'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatRelative', () => {
  const now = Date.parse('2026-08-02T12:00:00Z');
  it.each([
    [2, 'just now'],
    [59, '59 s ago'],
    [119, '1 min ago'],
    [5 * 3600, '5 h ago'],
    [-90 * 86_400 + 1, 'in 90 d'],
    [-30, 'in 30 s'],
  ])('%d s before now is "%s"', (seconds, text) => {
    expect(formatRelative(now - seconds * 1000, now)).toBe(text);
  });
});

it('counts bytes in binary units', () => {
  expect([812, 1434, 64 * 1024 * 1024].map(formatBytes)).toEqual(['812 B', '1.4 KiB', '64 MiB']);
});

it('chooses between one and many', () => {
  expect([plural(1, 'run'), plural(0, 'run'), plural(1204, 'entity', 'entities')]).toEqual([
    '1 run',
    '0 runs',
    '1,204 entities',
  ]);
});

it('writes a moment in the zone that was chosen', () => {
  const at = '2026-08-02T23:03:09Z';
  expect(formatLocal(at, 'UTC')).toBe('2026-08-02 23:03:09');
  expect(formatLocal(at, 'Asia/Seoul')).toBe('2026-08-03 08:03:09');
  expect(formatClock(at, 'America/New_York')).toBe('19:03');
});
