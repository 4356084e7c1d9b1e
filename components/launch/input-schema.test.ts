import { describe, expect, it } from 'vitest';
import { inputFields, valueAt, withValue } from './input-schema';

describe('inputFields', () => {
  it('draws what forms can, the rest as JSON, and nested objects as fields', () => {
    const fields = inputFields({
      type: 'object',
      required: ['lr'],
      properties: {
        lr: { type: 'number', minimum: 0, maximum: 1, default: 0.1, description: 'Learning rate' },
        steps: { type: 'integer', title: 'Steps' },
        fast: { type: 'boolean' },
        size: { enum: ['s', 'm', 3] },
        model: { type: 'object', properties: { depth: { type: 'integer' }, name: { type: 'string' } } },
        tags: { type: 'array' },
        odd: true,
      },
    });
    expect(fields.map(({ path, label, control }) => [path.join('.'), label, control])).toEqual([
      ['lr', 'lr', 'number'],
      ['steps', 'Steps', 'integer'],
      ['fast', 'fast', 'switch'],
      ['size', 'size', 'select'],
      ['model.depth', 'model.depth', 'integer'],
      ['model.name', 'model.name', 'text'],
      ['tags', 'tags', 'json'],
    ]);
    expect(fields[0]).toMatchObject({
      required: true,
      min: 0,
      max: 1,
      default: 0.1,
      description: 'Learning rate',
    });
    expect(inputFields({})).toEqual([]);
  });
});

describe('values of a config', () => {
  it('are put in and taken out in their place, and nothing else moves', () => {
    const config = { a: 1, model: { depth: 2 }, z: null };
    expect(valueAt(config, ['model', 'depth'])).toBe(2);
    expect(valueAt(config, ['a', 'b'])).toBeUndefined();
    expect(valueAt(config, ['constructor'])).toBeUndefined();
    expect(JSON.stringify(withValue(config, ['model', 'depth'], 3))).toBe(
      '{"a":1,"model":{"depth":3},"z":null}',
    );
    expect(JSON.stringify(withValue(config, ['model', 'depth'], undefined))).toBe('{"a":1,"z":null}');
    expect(JSON.stringify(withValue(config, ['new', 'deep'], 'x'))).toBe(
      '{"a":1,"model":{"depth":2},"z":null,"new":{"deep":"x"}}',
    );
    expect(Object.getPrototypeOf(withValue(config, ['__proto__', 'x'], 1))).toBe(Object.prototype);
  });
});
