import { afterEach, expect, it, vi } from 'vitest';
import { style } from './output';

afterEach(() => vi.unstubAllEnvs());

it('colours where a person looks, and where it is told to', () => {
  const coloured = (isTTY: boolean, env: Record<string, string | undefined> = {}) => {
    for (const name of ['FORCE_COLOR', 'NO_COLOR', 'TERM']) vi.stubEnv(name, env[name]);
    return style('red', 'x', { isTTY }) !== 'x';
  };
  expect(coloured(true)).toBe(true);
  expect(coloured(false)).toBe(false);
  expect(coloured(true, { NO_COLOR: '1' })).toBe(false);
  expect(coloured(true, { TERM: 'dumb' })).toBe(false);
  expect(coloured(false, { FORCE_COLOR: '1' })).toBe(true);
  expect(coloured(true, { FORCE_COLOR: '0' })).toBe(false);
});
