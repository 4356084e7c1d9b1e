import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { RESOURCE_EXAMPLES } from '@/core/queue-config';
import { CONFIG_SCHEMAS } from '.';

const { schema } = CONFIG_SCHEMAS.find(({ uri }) => uri.endsWith('/kubernetes.json')) ?? { schema: {} };
const check = new Ajv({ strict: false }).compile(schema);
const example = JSON.parse(RESOURCE_EXAMPLES.kubernetes.json) as object;
const job = (container: object) => ({ spec: { template: { spec: { containers: [container] } } } });

it('describes the example, with its wrapper or without', () => {
  expect(check(example), JSON.stringify(check.errors)).toBe(true);
  expect(check({ kubernetes: example })).toBe(true);
});

it('knows the fields of a container in Jobs and in custom resources', () => {
  expect(check(job({ name: 'run', command: ['a'] }))).toBe(true);
  expect(check(job({ name: 'run', command: 'a' }))).toBe(false);
  const replicas = (container: object) => ({
    apiVersion: 'kubeflow.org/v1',
    kind: 'PyTorchJob',
    spec: { pytorchReplicaSpecs: { Master: { template: { spec: { containers: [container] } } } } },
  });
  expect(check(replicas({ name: 'pytorch', args: ['a'] }))).toBe(true);
  expect(check(replicas({ name: 'pytorch', args: 'a' }))).toBe(false);
  const volcano = {
    apiVersion: 'batch.volcano.sh/v1alpha1',
    kind: 'Job',
    spec: { tasks: [{ replicas: 2 }] },
  };
  expect(check(volcano)).toBe(true);
  expect(check({ ...volcano, spec: { tasks: 2 } })).toBe(false);
  expect(check({ apiVersion: 'x.io/v1', kind: 'Other', spec: { template: 1 } })).toBe(true);
});
