import { describe, expect, it } from 'vitest';
import { RESOURCE_EXAMPLES } from '@/core/queue-config';
import { parseConfig } from '@/core/templates';
import { RESOURCES, type TemplateVariables } from '@/core/wire';
import { renderSample } from './sample';
import { sampleValue } from './sample-value';

const base = { entity: 'team', queue: 'gpu', prioritized: false, values: {}, what: 'busybox' };

describe('samples', () => {
  it.each(RESOURCES)('renders the example of %s', (resource) => {
    const { tree } = parseConfig({ resource, format: 'yaml', source: RESOURCE_EXAMPLES[resource].yaml });
    if (tree === null) throw new Error('the example cannot be read');
    const { submission, errors } = renderSample({ ...base, resource, tree, templates: {} });
    expect(errors).toEqual([]);
    expect(submission?.text).not.toBe('');
  });

  it('puts sample values in', () => {
    const { tree } = parseConfig({
      resource: 'local-container',
      format: 'yaml',
      source: 'gpus: {{n}}\nuser: "{{user}}"',
    });
    if (tree === null) throw new Error('unreadable');
    const templates: TemplateVariables = {
      n: { type: 'integer', min: 2 },
      user: { type: 'string', options: ['a', 'b'] },
    };
    const { submission } = renderSample({
      ...base,
      resource: 'local-container',
      tree,
      templates,
      values: { user: 'b' },
    });
    expect(submission?.argv?.join(' ')).toContain('--gpus 2 --user b');
  });

  it('says which sample does not fit', () => {
    const { tree } = parseConfig({ resource: 'local-container', format: 'yaml', source: 'gpus: {{n}}' });
    if (tree === null) throw new Error('unreadable');
    const { errors } = renderSample({
      ...base,
      resource: 'local-container',
      tree,
      templates: { n: { type: 'integer', max: 4 } },
      values: { n: '9' },
    });
    expect(errors.map((error) => error.path)).toEqual(['templateValues.n']);
  });

  it.each([
    [{ type: 'integer' as const, max: 0 }, '0'],
    [{ type: 'float' as const, min: 0.5 }, '0.5'],
    [{ type: 'string' as const }, 'example'],
    [{ type: 'string' as const, default: 'x', options: ['y', 'x'] }, 'x'],
  ])('chooses for %o', (variable, value) => {
    expect(sampleValue(variable)).toBe(value);
  });
});
