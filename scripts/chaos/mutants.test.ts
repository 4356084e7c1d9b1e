import path from 'node:path';
import { expect, it } from 'vitest';
import { mutated, MUTANTS } from './mutants.mjs';

const root = path.resolve(import.meta.dirname, '../..');

it.each(Object.keys(MUTANTS))('the guard %s is where the chaos suite takes it out', (name) => {
  expect([...mutated(root, name).keys()]).toEqual([...new Set(MUTANTS[name]?.cuts.map(({ file }) => file))]);
});
