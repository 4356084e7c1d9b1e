import { expect, it } from 'vitest';
import { cutTo, harmless, widthOf } from './text';

it('counts columns as a terminal does', () => {
  expect(widthOf('queue')).toBe(5);
  expect(widthOf('대기열')).toBe(6);
  expect(widthOf('🚀 go')).toBe(5);
  expect(widthOf('e\u0301')).toBe(1);
  expect(widthOf('\u001b[32mactive\u001b[39m')).toBe(6);
});

it('lets nothing through that a terminal would obey', () => {
  expect(harmless('a\u001b]0;title\u0007b\u001b[2Jc\r\u001b[31mred\u001b[39m\nnext')).toBe(
    'a]0;titleb[2Jc\u001b[31mred\u001b[39m\nnext',
  );
});

it('cuts what does not fit', () => {
  expect(cutTo('waits for an agent', 9)).toBe('waits fo…');
  expect(cutTo('대기열입니다', 6)).toBe('대기…');
  expect(cutTo('short', 9)).toBe('short');
});
