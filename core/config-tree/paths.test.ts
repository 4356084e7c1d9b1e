import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPath, fromPointer, nearest, parsePath, toPointer } from '.';

const keys = fc.array(
  fc.oneof(fc.string(), fc.constantFrom('a', '0', 'nvidia.com/gpu', '~', '/', '*', '"', '')),
  {
    minLength: 1,
    maxLength: 6,
  },
);

it('reads back every path that it writes', () => {
  fc.assert(
    fc.property(keys, (path) => {
      expect(parsePath(formatPath(path))).toEqual(path);
      expect(fromPointer(toPointer(path))).toEqual(path);
    }),
  );
});

it.each(['a..b', '.a', 'a.', 'a[', 'a["x]', 'a b', '/a~2', ''])('refuses %j as a path', (path) => {
  expect(parsePath(path)).toBeUndefined();
});

it('finds the nearest name, and none when nothing is near', () => {
  const names = ['max_jobs', 'queues', 'entity'];
  expect(nearest('max-job', names)).toBe('max_jobs');
  expect(nearest('quesue', names)).toBe('queues');
  expect(nearest('builder', names)).toBeUndefined();
});
