import { describe, expect, it } from 'vitest';
import { checkConfig } from '@/core/templates';
import { RESOURCES, nameSchema, templateVariablesSchema } from '@/core/wire';
import { SAMPLE_QUEUES } from './samples';

describe('sample queues', () => {
  it.each(RESOURCES)('%s can be saved as it is, but for what only its owner knows', (resource) => {
    const { name, source, templates } = SAMPLE_QUEUES[resource];
    expect(nameSchema.parse(name)).toBe(name);
    expect(templateVariablesSchema.parse(templates)).toEqual(templates);
    const { problems, placeholders } = checkConfig({ resource, format: 'yaml', source, templates });
    expect(problems.filter(({ message }) => !message.includes('<REQUIRED>'))).toEqual([]);
    expect(new Set(placeholders.map((each) => each.name))).toEqual(new Set(Object.keys(templates)));
  });
});
