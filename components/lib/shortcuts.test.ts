import { expect, it } from 'vitest';
import { keysOf } from './shortcuts';

const press = (
  key: string,
  held: Partial<Record<'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => keysOf({ key, metaKey: false, ctrlKey: false, altKey: false, shiftKey: false, ...held });

it('names keys as shortcuts are written', () => {
  expect(press('k', { ctrlKey: true })).toBe('mod+k');
  expect(press('K', { metaKey: true, shiftKey: true })).toBe('mod+shift+k');
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('X', { shiftKey: true })).toBe('shift+x');
  expect(press('Enter', { shiftKey: true, metaKey: true })).toBe('mod+shift+enter');
  expect(press(' ')).toBe('space');
});
