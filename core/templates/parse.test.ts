import { describe, expect, it } from 'vitest';
import type { ConfigFormat } from '@/core/wire';
import { analyzeConfig, checkConfig, parseConfig } from '.';

const parse = (source: string, format: ConfigFormat = 'yaml') =>
  parseConfig({ resource: 'local-process', format, source: source });
/** Values of `env`, which may hold anything. */
const tree = (source: string, format?: ConfigFormat) => parse(source, format).tree;
const errors = (source: string, format?: ConfigFormat) =>
  parse(source, format)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
const warnings = (source: string, format?: ConfigFormat) =>
  parse(source, format)
    .problems.filter(({ severity }) => severity === 'warning')
    .map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('placeholders', () => {
  it('are found in values of every style, with path, line and columns', () => {
    const source = `cwd: /data/{{ user-name }}/x # {{not_this}}
env:
  A: <<a>>
  B: [x, {{b}}]
  C: |
    # {{c}}
  D: {E: "{{d}}"}
`;
    expect(
      parse(source).placeholders.map((p) => [p.name, p.path, p.line, p.column, p.endColumn, p.wholeValue]),
    ).toEqual([
      ['user-name', 'cwd', 1, 12, 27, false],
      ['a', 'env.A', 3, 6, 11, true],
      ['b', 'env.B.1', 4, 10, 15, true],
      ['c', 'env.C', 6, 7, 12, false],
      ['d', 'env.D.E', 7, 11, 16, true],
    ]);
  });

  it('are nothing within comments, also behind the head of a block scalar', () => {
    const parsed = parse('# {{a}}\ncwd: | # {{b}}\n  {{c}}\nenv: [x, # <<d>>\n  "{{e}}"] # ${f}\n');
    expect(parsed.placeholders.map(({ name, line }) => [name, line])).toEqual([
      ['c', 3],
      ['e', 5],
    ]);
    expect(parsed.problems).toEqual([]);
  });

  it('are refused as keys, anchors and tags', () => {
    expect(errors('env: {"{{a}}": 1}')).toEqual([
      '1:8 {{a}} cannot be a key or part of one: placeholders stand in values only.',
    ]);
    expect(errors('cwd: &{{a}} x')).toEqual([
      '1:7 {{a}} cannot stand here: placeholders and macros stand in values only.',
    ]);
    expect(errors('{"env": {"x{{a}}": 1}}', 'json')).toHaveLength(1);
  });

  it('are not merge keys, Helm expressions or text of comments', () => {
    const parsed = parse('x: &x {A: 1}\nenv:\n  <<: *x\n  B: {{ .Values.b }}\n# {{c}}\n');
    expect(parsed.placeholders).toEqual([]);
    expect(warnings('cwd: {{ .Values.b }}')[0]).toContain('{{ .Values.b }} is not a placeholder');
    expect(tree('cwd: {{ .Values.b }}')).toEqual({
      kind: 'map',
      entries: [['cwd', { kind: 'value', value: '{{ .Values.b }}' }]],
    });
  });

  it('do not collide with what the text already holds', () => {
    const source = JSON.stringify({ cwd: '\ue000\ue001{{a}}\ue000', env: { A: '<', B: '{{a' } });
    expect(tree(source, 'json')).toEqual(tree(source));
    expect(tree(source.replaceAll('\ue000', '\\ue000'), 'json')).toEqual(tree(source));
    expect(JSON.stringify(tree(source))).toContain('["\ue000\ue001",{"variable":"a"},"\ue000"]');
  });
});

describe('macros', () => {
  it('work without quotes, also in flow style, and unknown ones are named', () => {
    const parsed = parse('cwd: ${run_id}\nenv: {A: ${image_uri}, B: ${run_idd}}');
    expect(parsed.macros.map(({ name, path, known }) => [name, path, known])).toEqual([
      ['run_id', 'cwd', true],
      ['image_uri', 'env.A', true],
      ['run_idd', 'env.B', false],
    ]);
    expect(parsed.problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', '${run_idd} is not a macro of Slipway (did you mean "run_id"?).'],
    ]);
  });
});

describe('YAML', () => {
  it('reads tabs as two spaces and keeps the columns of the typed text', () => {
    const parsed = parse('env:\n\tA: {{a}}\n\tB: |\n\t\tmake:\n\t\t\tall\n');
    expect(parsed.tree).toEqual({
      kind: 'map',
      entries: [
        [
          'env',
          {
            kind: 'map',
            entries: [
              ['A', { kind: 'variable', name: 'a' }],
              ['B', { kind: 'value', value: 'make:\n\tall\n' }],
            ],
          },
        ],
      ],
    });
    expect(parsed.placeholders[0]).toMatchObject({ line: 2, column: 5, endColumn: 10 });
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]).toMatchObject({ severity: 'warning', line: 2 });
  });

  it('leaves tabs in the contents of block scalars alone', () => {
    expect(JSON.stringify(tree('cwd: |\n  all:\n  \tmake\n'))).toContain(JSON.stringify('all:\n\tmake\n'));
  });

  it.each([
    ['cwd: a\ncwd: b', '2:1 The key "cwd" is already in line 1.'],
    ['cwd: a\n---\ncwd: b', '3:1 A configuration is one YAML document: take away "---" and what follows.'],
    ['env: &e {A: *e}', '1:13 The alias "*e" holds itself.'],
    ['cwd: *e', '1:6 There is no anchor "&e" before this alias.'],
    [
      'env: {A: .nan}',
      '1:10 NaN, infinity and numbers beyond 1.8e308 cannot be used; put quotes around a text.',
    ],
    ['cwd: !env x', '1:6 Tags cannot be used: Unresolved tag: !env.'],
    ['- a', '1:1 A configuration is a map: keys with values.'],
  ])('refuses %j', (source, message) => {
    expect(errors(source)).toEqual([message]);
  });

  it('keeps dates and numeric keys as text and knows True and CRLF', () => {
    expect(tree('env:\r\n  1: 2020-01-01\r\n  on: True\r\n')).toEqual(
      tree('{"env": {"1": "2020-01-01", "on": true}}', 'json'),
    );
  });

  it('merges maps, with what is written out going first', () => {
    const source = 'x: &x {A: 1, B: 2}\nenv:\n  <<: *x\n  A: 3\n';
    expect(JSON.stringify(tree(source))).toContain(
      '[["A",{"kind":"value","value":3}],["B",{"kind":"value","value":2}]]',
    );
  });
});

describe('JSON', () => {
  it.each([
    ['{"cwd": "x",}', '1:12 JSON allows no comma before "}": take it away.'],
    ['{\n  // why\n}', '2:3 JSON allows no comments: take it away, or switch to YAML.'],
    ['{"env": {"A": True}}', '1:15 True is not a value of JSON: write true.'],
    ["{'cwd': 1}", '1:2 JSON takes double quotes only.'],
    ['{"cwd": ${run_id}}', '1:9 ${run_id} needs quotes around it in JSON.'],
    ['{"cwd": "x', '1:9 The text that begins here is not closed by a quote on the same line.'],
    ['{"cwd": "x", "cwd": "y"}', '1:14 The key "cwd" is already in line 1.'],
    ['{"cwd": "\\q"}', '1:10 JSON does not know this escape; a backslash itself is written \\\\.'],
  ])('refuses %j', (source, message) => {
    expect(errors(source, 'json')).toEqual([message]);
  });

  it('takes placeholders without quotes', () => {
    expect(tree('{"env": {"A": {{a}}, "B": [<< b >>]}}', 'json')).toEqual(
      tree('{"env": {"A": "{{a}}", "B": ["{{b}}"]}}', 'json'),
    );
  });
});

describe('limits', () => {
  const nines = (name: string) => `[${Array.from({ length: 9 }, () => `*${name}`).join(',')}]`;
  const bomb = `a: &a [x]\n${Array.from('bcdefghi', (name, index) => `${name}: &${name} ${nines('abcdefgh'[index] ?? '')}`).join('\n')}`;
  it.each([
    ['a text beyond 256 KiB', `cwd: ${'é'.repeat(131_072)}`, 'larger than 256 KiB'],
    ['an alias bomb', bomb, 'multiply its size'],
    ['deep nesting', `env: ${'['.repeat(100_000)}`, 'deeper than 100'],
    ['deep dashes', '- '.repeat(100_000), 'deeper than 100'],
    ['too many placeholders', `cwd: "${'{{a}}'.repeat(5000)}"`, 'more than 2000 placeholders'],
  ])('refuses %s', (_name, source, message) => {
    const parsed = parse(source);
    expect(parsed.tree).toBeNull();
    expect(parsed.problems[0]?.message).toContain(message);
  });

  it('refuses deep JSON without running out of stack', () => {
    expect(errors('{"a":'.repeat(40_000), 'json')[0]).toContain('deeper than 100');
  });

  it('takes time in proportion to the text', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `k${index}: v`).join('\n');
    const time = (source: string) => {
      const start = performance.now();
      parse(source);
      return performance.now() - start;
    };
    time(lines(5000));
    const small = Math.min(time(lines(2500)), time(lines(2500)));
    // Four times the text: a quadratic step would take sixteen times as long.
    expect(time(lines(10_000))).toBeLessThan(small * 12 + 100);
  });
});

describe('tiles', () => {
  const source = 'ResourceConfig: {InstanceCount: {{n}}, InstanceType: {{t}}}';
  const input = { resource: 'sagemaker' as const, format: 'yaml' as const, source };

  it('are made with the type that the place asks for, and keep their settings', () => {
    expect(analyzeConfig(input).templates).toEqual({ n: { type: 'integer' }, t: { type: 'string' } });
    const templates = { t: { type: 'string' as const, options: ['a'] }, gone: { type: 'float' as const } };
    expect(analyzeConfig({ ...input, templates }).templates).toEqual({
      n: { type: 'integer' },
      t: templates.t,
    });
  });

  it('are all kept while the text cannot be read', () => {
    const templates = { n: { type: 'integer' as const } };
    expect(analyzeConfig({ ...input, source: 'a: "', templates }).templates).toEqual(templates);
  });

  it('must be there at a save', () => {
    const { problems } = checkConfig({
      ...input,
      templates: { n: { type: 'integer' }, old: { type: 'float' } },
    });
    expect(problems.filter(({ variable }) => variable).map((p) => [p.severity, p.variable, p.line])).toEqual([
      ['error', 't', 1],
      ['warning', 'old', undefined],
    ]);
  });
});
