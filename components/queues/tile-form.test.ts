import { describe, expect, it } from 'vitest';
import type { TemplateVariable } from '@/core/wire';
import { toTileForm, toVariable } from './tile-form';

describe('tile forms', () => {
  it.each([
    { type: 'string', description: 'machine', default: 'a', options: ['a', 'b'], pattern: '[ab]' },
    { type: 'integer', default: 1, min: 0, max: 8 },
    { type: 'float', default: 0.5, options: [0.5, 1] },
    { type: 'string' },
  ] as const)('gives %o back unchanged', (variable) => {
    const copy: TemplateVariable = structuredClone(variable) as TemplateVariable;
    expect(toVariable(toTileForm(copy))).toEqual({ variable: copy, errors: {} });
  });

  it('says which text is no number and leaves it out', () => {
    const { variable, errors } = toVariable({
      ...toTileForm({ type: 'integer' }),
      min: 'one',
      max: ' 8 ',
      options: ['1', 'x'],
    });
    expect(variable).toEqual({ type: 'integer', max: 8, options: [1] });
    expect(errors).toEqual({ min: '"one" is not a number.', options: '"x" is not a number.' });
  });

  it('leaves out settings of another type but keeps them in the form', () => {
    const form = { ...toTileForm({ type: 'integer', min: 1 }), type: 'string' as const, options: ['a'] };
    expect(toVariable(form).variable).toEqual({ type: 'string', options: ['a'] });
    expect(form.min).toBe('1');
  });
});
