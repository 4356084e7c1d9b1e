import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { RESOURCE_EXAMPLES } from '@/core/queue-config';
import { CONFIG_SCHEMAS } from '.';

const schemaOf = (id: string) => CONFIG_SCHEMAS.find(({ uri }) => uri.endsWith(`/${id}.json`))!.schema;

it.each(['sagemaker', 'gcp-vertex'] as const)(
  'describes the example of %s, with its wrapper or without',
  (id) => {
    const check = new Ajv({ strict: false }).compile(schemaOf(id));
    const example = JSON.parse(
      RESOURCE_EXAMPLES[id].json.replaceAll('gs://<REQUIRED>', '').replaceAll('<REQUIRED>', 's3://bucket'),
    ) as object;
    expect(check(example), JSON.stringify(check.errors)).toBe(true);
    expect(check({ [id]: example })).toBe(true);
  },
);

it('explains fields as they are written in a queue', () => {
  const training = JSON.stringify(schemaOf('sagemaker'));
  expect(training).toContain('MaxRuntimeInSeconds');
  expect(training).toContain('"description":"The');
  const vertex = schemaOf('gcp-vertex') as { definitions: Record<string, { properties: object }> };
  expect(Object.keys(vertex.definitions['MachineSpec']!.properties)).toContain('accelerator_type');
});
