import { expect, it } from 'vitest';
import { startOf } from './filters';

it('begins a range at a full minute, and takes no range that the page does not offer', () => {
  const now = Date.parse('2026-08-02T12:00:31Z');
  expect(startOf('24', now)).toBe('2026-08-01T12:00:00.000Z');
  expect(startOf('', now)).toBe('');
  expect(startOf('1e9', now)).toBe('');
});
