import { describe, expect, it } from 'vitest';
import { checkInputSchema, checkJobInputs } from './check-inputs';

const schema = {
  type: 'object',
  required: ['lr'],
  additionalProperties: false,
  properties: {
    lr: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    optimizer: { enum: ['adam', 'sgd'] },
    mode: { const: 'fast' },
    data: { type: 'object', properties: { 'a/b': { type: 'integer' } } },
    mail: { type: 'string', format: 'email' },
  },
};

describe('the run config against the schema of a job', () => {
  it('passes when it fits, and is not changed', () => {
    const config = { lr: 0.1, optimizer: 'adam', data: { 'a/b': 1 } };
    expect(checkJobInputs(schema, config)).toEqual([]);
    expect(checkJobInputs({ properties: { n: { type: 'integer', default: 3 } } }, {})).toEqual([]);
    expect(config).toEqual({ lr: 0.1, optimizer: 'adam', data: { 'a/b': 1 } });
    expect(checkJobInputs(null, { anything: true })).toEqual([]);
  });

  it('is told everything that is wrong, with the path in the request', () => {
    expect(checkJobInputs(schema, undefined)).toEqual([{ path: 'config.lr', message: 'is required' }]);
    const errors = checkJobInputs(schema, {
      lr: 2,
      optimizer: 'x',
      mode: 'slow',
      data: { 'a/b': 'no' },
      mail: 'no',
      extra: 1,
    });
    expect(errors).toHaveLength(6);
    expect(errors).toEqual(
      expect.arrayContaining([
        { path: 'config.lr', message: 'must be <= 1' },
        { path: 'config.optimizer', message: 'must be one of "adam", "sgd"' },
        { path: 'config.mode', message: 'must be "fast"' },
        { path: 'config.data.a/b', message: 'must be integer' },
        { path: 'config.extra', message: 'is not an input of this job' },
      ]),
    );
  });

  it('may be described in draft 7 or 2020-12, with references inside', () => {
    const $defs = { rate: { type: 'number', maximum: 1 } };
    const modern = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs,
      properties: { lr: { $ref: '#/$defs/rate' } },
    };
    const draft7 = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: $defs,
      properties: { lr: { $ref: '#/definitions/rate' } },
    };
    for (const each of [modern, draft7]) {
      expect(checkInputSchema(each)).toEqual([]);
      expect(checkJobInputs(each, { lr: 2 })).toEqual([{ path: 'config.lr', message: 'must be <= 1' }]);
    }
  });

  it('does not hang on a pattern that takes exponential time, nor once for each run of a batch', () => {
    const evil = { properties: { x: { type: 'string', pattern: '^(a+)+$' } } };
    const started = Date.now();
    for (let i = 0; i < 20; i++) {
      expect(checkJobInputs(evil, { x: `${'a'.repeat(60)}${i}` })).toEqual([
        {
          path: 'config',
          message: 'cannot be checked: the input schema of the job takes too long to check configs against',
        },
      ]);
    }
    expect(Date.now() - started).toBeLessThan(3000);
  });
});

describe('a schema', () => {
  const deep = (levels: number): Record<string, never> =>
    JSON.parse('{"not":'.repeat(levels) + '{}' + '}'.repeat(levels)) as Record<string, never>;
  it.each([
    ['a wrong type', { type: 'nonsense' }],
    ['a reference outside', { $ref: 'https://example.com/schema.json' }],
    ['a broken pattern', { properties: { a: { pattern: '(' } } }],
    ['an asynchronous one', { $async: true }],
    ['a very deep one', deep(40)],
    ['a very large one', { description: 'x'.repeat(70_000) }],
  ])('with %s is refused', (_, each) => {
    expect(checkInputSchema(each)).toEqual([{ path: 'inputSchema', message: expect.any(String) as string }]);
  });
});
