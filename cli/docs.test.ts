import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from './program';

const guide = readFileSync(path.resolve(import.meta.dirname, '../docs/guides/cli.md'), 'utf8');

interface Leaf {
  name: string;
  flags: string[];
}
function leaves(command: Command, before: readonly string[] = []): Leaf[] {
  return command.commands.flatMap((child) => {
    const name = [...before, child.name()];
    if (child.commands.length > 0) return leaves(child, name);
    return [{ name: name.join(' '), flags: child.options.map(({ long }) => long ?? '') }];
  });
}
const commands = leaves(createProgram());

it('the guide has every command and every flag of the command line', () => {
  const missing = commands.flatMap(({ name, flags }) => [
    ...(new RegExp(`(\`|^## |slipway )${name}\\b`, 'm').test(guide) ? [] : [name]),
    ...flags.filter((flag) => !guide.includes(flag)).map((flag) => `${name} ${flag}`),
  ]);
  expect(missing).toEqual([]);
});

it('the guide names no flag that is not there', () => {
  const known = new Set(['--help', ...commands.flatMap(({ flags }) => flags)]);
  const named = [...guide.matchAll(/(?<![\w-]|arg=)--[a-z][a-z-]*/g)].map(([flag]) => flag);
  expect(named.filter((flag) => !known.has(flag))).toEqual([]);
});
