import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isStorableText } from '@/core/config-tree';
import { replaceMacros } from '@/core/macros';
import { GUIDE_FIXTURES } from '@/core/queue-config/guide-fixtures';
import { RESOURCES } from '@/core/wire';
import type { Json } from '@/core/wire';
import { analyzeConfig, checkTemplates, parseConfig, resolveConfig } from '.';

const format = fc.constantFrom('yaml' as const, 'json' as const);
const resource = fc.constantFrom(...RESOURCES);
const nasty = fc.constantFrom(
  '{{a}}', '<<b>>', '${run_id}', '{{ .Values.x }}', '{{', '}}', '"', "'", '\\', '\n', '\t', '`', '|', '>', '&x', '*x', '<<: ', '#', ': ',
  '- ', '---\n', '%YAML 1.1\n', '!t ', '\u0000', '\ud800', '\ue000', '\\ue000', '\r\n', '\ufeff', '[', ']', '{', '}', ',', '? ', '__proto__', 'a',
); // prettier-ignore
const soup = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 4, unit: 'binary' })), { maxLength: 60 })
  .map((parts) => parts.join(''));
const mutated = fc
  .tuple(
    fc.constantFrom(...GUIDE_FIXTURES),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), nasty), { minLength: 1, maxLength: 6 }),
  )
  .map(([fixture, edits]) =>
    edits.reduce((text, [at, cut, piece]) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + piece + text.slice(index + cut);
    }, fixture.source),
  );

const word = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/);
const text = fc.oneof(word, fc.string({ unit: 'grapheme' }), soup).filter(isStorableText);
/** Any string a submitter may send. */
const hostile = text;

/** A plain configuration; leaves at which `mark` is true become placeholders. */
interface Leaf {
  mark: boolean;
  value: string | number | boolean | null;
}
type Shape = Leaf | Shape[] | { [key: string]: Shape };
const leaf: fc.Arbitrary<Leaf> = fc.record({
  mark: fc.boolean(),
  value: fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
});
const shape = fc.dictionary(
  word,
  fc.letrec<{ node: Shape }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(word, fc.constant('__proto__'), fc.constant('constructor')), tie('node'), {
        maxKeys: 4,
      }),
    ),
  })).node,
  { maxKeys: 5 },
);
const isLeaf = (node: Shape): node is Leaf =>
  !Array.isArray(node) && 'mark' in node && typeof node.mark === 'boolean';

function render(node: Shape, write: (index: number) => Json): Json {
  let marks = 0;
  const step = (current: Shape): Json => {
    if (Array.isArray(current)) return current.map(step);
    if (isLeaf(current)) return current.mark ? write(marks++) : current.value;
    return Object.fromEntries(Object.entries(current).map(([key, value]) => [key, step(value)]));
  };
  return step(node);
}

describe('parsing', () => {
  it('never throws, and says where when it cannot read', () => {
    fc.assert(
      fc.property(resource, format, fc.oneof(soup, mutated), (id, kind, source) => {
        const { tree, problems } = parseConfig({ resource: id, format: kind, source });
        if (tree === null)
          expect(problems.some(({ severity, line }) => severity === 'error' && line)).toBe(true);
        else expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
      }),
      { numRuns: 3000 },
    );
  });

  it('points at the text of each placeholder and macro, also behind tabs', () => {
    fc.assert(
      fc.property(format, fc.oneof(mutated, soup), (kind, source) => {
        const lines = source.split('\n');
        const { placeholders, macros } = parseConfig({ resource: 'kubernetes', format: kind, source });
        for (const { name, line, column, endColumn } of [...placeholders, ...macros]) {
          const typed = lines[line - 1]?.slice(column - 1, endColumn - 1) ?? '';
          expect(typed.replace(/^(?:\{\{|<<|\$\{)[ \t]*|[ \t]*(?:\}\}|>>|\})$/g, '')).toBe(name);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('reads both spellings and both formats alike', () => {
    fc.assert(
      fc.property(shape, (plain) => {
        const braces = render(plain, (index) => `{{v${index}}}`);
        const angles = render(plain, (index) => `<< v${index} >>`);
        const sources = [
          { format: 'json' as const, source: JSON.stringify(braces) },
          {
            format: 'json' as const,
            source: JSON.stringify(angles, null, 1).replace(/"(<< v\d+ >>)"/g, '$1'),
          },
          { format: 'yaml' as const, source: JSON.stringify(braces) },
          { format: 'yaml' as const, source: stringify(angles) },
          { format: 'yaml' as const, source: stringify(braces).replace(/"(\{\{v\d+\}\})"/g, '$1') },
        ];
        const trees = sources.map((source) => parseConfig({ resource: 'kubernetes', ...source }));
        for (const parsed of trees) {
          expect(parsed.tree).toEqual(trees[0]?.tree);
          expect(parsed.placeholders.map(({ name, path }) => [name, path])).toEqual(
            trees[0]?.placeholders.map(({ name, path }) => [name, path]),
          );
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('resolving', () => {
  it('puts each value into its own leaf and changes nothing else', () => {
    fc.assert(
      fc.property(shape, fc.array(hostile, { minLength: 1, maxLength: 5 }), (plain, given) => {
        const pick = (index: number) => given[index % given.length] ?? '';
        const source = JSON.stringify(render(plain, (index) => `{{v${index}}}`));
        const { tree, placeholders, templates } = analyzeConfig({
          resource: 'kubernetes',
          format: 'json',
          source,
        });
        if (tree === null) throw new Error('unreadable');
        for (const name of Object.keys(templates)) templates[name] = { type: 'string' };
        const values = Object.fromEntries(placeholders.map(({ name }, index) => [name, pick(index)]));
        const resolved = resolveConfig({
          resource: 'kubernetes',
          tree,
          templates,
          values,
          overrideAllow: [],
        });
        if (!resolved.ok) throw new Error(JSON.stringify(resolved.errors));
        const { builder: _builder, ...expected } = render(plain, pick) as Record<string, Json>;
        expect(JSON.stringify(resolved.config)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a value inside a longer text, and leaves the text around it', () => {
    fc.assert(
      fc.property(hostile, word, (value, around) => {
        const source = JSON.stringify({ a: `${around}-{{x}}-${around}`, b: 1 });
        const { tree } = parseConfig({ resource: 'kubernetes', format: 'json', source });
        if (tree === null) throw new Error('unreadable');
        const templates = { x: { type: 'string' as const } };
        const resolved = resolveConfig({
          resource: 'kubernetes',
          tree,
          templates,
          values: { x: value },
          overrideAllow: [],
        });
        expect(resolved).toMatchObject({ ok: true, config: { a: `${around}-${value}-${around}`, b: 1 } });
      }),
    );
  });

  it('replaces macros without changing the structure', () => {
    fc.assert(
      fc.property(shape, hostile, (plain, value) => {
        const before = render(plain, () => 'x${run_id}');
        const { value: after, replaced } = replaceMacros(before, (name) =>
          name === 'run_id' ? value : undefined,
        );
        let marks = 0;
        expect(JSON.stringify(after)).toBe(JSON.stringify(render(plain, () => (marks++, `x${value}`))));
        expect(replaced).toHaveLength(marks);
      }),
    );
  });
});

it('makes tiles that have no problems of their own', () => {
  fc.assert(
    fc.property(resource, format, mutated, (id, kind, source) => {
      const answer = analyzeConfig({ resource: id, format: kind, source });
      expect(checkTemplates({ ...answer, readable: answer.tree !== null }, answer.templates)).toEqual([]);
    }),
  );
});
