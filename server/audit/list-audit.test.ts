import { expect, it } from 'vitest';
import { csvCell } from './list-audit';

it('quotes what would break a row of CSV', () => {
  expect(['lab', 'a,b', 'say "hi"', 'two\nlines'].map(csvCell)).toEqual([
    'lab',
    '"a,b"',
    '"say ""hi"""',
    '"two\nlines"',
  ]);
});

it('makes text of what a spreadsheet would run', () => {
  expect(['=HYPERLINK("x")', '+1', '-1', '@x'].map(csvCell)).toEqual([
    `"'=HYPERLINK(""x"")"`,
    `'+1`,
    `'-1`,
    `'@x`,
  ]);
});
