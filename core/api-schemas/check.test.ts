import { expect, it } from 'vitest';
import { treeFromJson, type ConfigTree } from '@/core/config-tree';
import type { JsonObject } from '@/core/wire';
import { CUSTOM_JOB, TRAINING_JOB, checkApi, schemaAt } from '.';

const JOB: JsonObject = {
  TrainingJobName: 'abc123def456',
  RoleArn: 'arn:aws:iam::123456789012:role/train',
  AlgorithmSpecification: { TrainingImage: 'i', TrainingInputMode: 'File' },
  OutputDataConfig: { S3OutputPath: 's3://bucket' },
  ResourceConfig: { InstanceType: 'ml.m4.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const found = (changes: JsonObject, isOpen?: (text: string) => boolean) =>
  checkApi(treeFromJson({ ...JOB, ...changes }), TRAINING_JOB, { document: TRAINING_JOB, isOpen }).map(
    ({ severity, keys, message }) => `${severity} ${keys.join('.')} ${message}`,
  );

it('takes a whole request, also with types of machines that are newer than the schema', () => {
  expect(found({})).toEqual([]);
  expect(
    found({ ResourceConfig: { InstanceType: 'ml.new9.xlarge', InstanceCount: 2, VolumeSizeInGB: 2 } }),
  ).toEqual([]);
});

it.each<[string, JsonObject, string]>([
  [
    'a wrong type',
    { StoppingCondition: { MaxRuntimeInSeconds: '1h' } },
    'error StoppingCondition.MaxRuntimeInSeconds must be a whole number, not "1h"',
  ],
  [
    'a fraction',
    { ResourceConfig: { InstanceCount: 1.5, VolumeSizeInGB: 1 } },
    'error ResourceConfig.InstanceCount must be a whole number, not 1.5',
  ],
  [
    'too little',
    { ResourceConfig: { InstanceCount: -1, VolumeSizeInGB: 1 } },
    'error ResourceConfig.InstanceCount is -1; at least 0 is needed',
  ],
  [
    'another form',
    { OutputDataConfig: { S3OutputPath: 'bucket' } },
    'error OutputDataConfig.S3OutputPath is "bucket", which has not the form (https|s3)://([^/]+)/?(.*)',
  ],
  ['a map for a list', { InputDataConfig: {} }, 'error InputDataConfig must be a list, not a map'],
  ['what is missing', { OutputDataConfig: {} }, 'error OutputDataConfig.S3OutputPath is required'],
  [
    'a misspelt field',
    { OutputDataConfig: { S3OutputPath: 's3://b', KmsKeyID: 'k' } },
    'error OutputDataConfig.KmsKeyID is not a known field (did you mean "KmsKeyId"?)',
  ],
  ['a new field', { QuantumEntanglement: true }, 'warning QuantumEntanglement is not a known field'],
  [
    'a word of a fixed list',
    { AlgorithmSpecification: { TrainingImage: 'i', TrainingInputMode: 'Pip' } },
    'error AlgorithmSpecification.TrainingInputMode cannot be "Pip" (did you mean "Pipe"?); it is one of 3: Pipe, File, FastFile',
  ],
  [
    'a name of a variable',
    { Environment: { 'a-b': 'x' } },
    'error Environment.a-b has a name that is not allowed',
  ],
  [
    'a value that is too long',
    { Environment: { A: 'x'.repeat(513) } },
    'error Environment.A has 513 characters; 512 are allowed',
  ],
  [
    'too many',
    { Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) },
    'error Tags has 51 items; 50 are allowed',
  ],
])('finds %s', (_what, changes, expected) => {
  expect(found(changes)).toEqual([expected]);
});

it('says nothing of what is not known yet', () => {
  const tree: ConfigTree = {
    kind: 'map',
    entries: [
      ['InstanceCount', { kind: 'variable', name: 'n' }],
      ['VolumeSizeInGB', { kind: 'value', value: null }],
      ['InstanceType', { kind: 'text', parts: ['ml.', { variable: 'size' }] }],
    ],
  };
  const schema = schemaAt(TRAINING_JOB, ['ResourceConfig'])!;
  expect(checkApi(tree, schema, { document: TRAINING_JOB })).toEqual([]);
  expect(
    found({ OutputDataConfig: { S3OutputPath: '${MY_BUCKET}' } }, (text) => text.includes('${')),
  ).toEqual([]);
});

it('reads other spellings of the names', () => {
  const schema = schemaAt(CUSTOM_JOB, ['jobSpec', 'workerPoolSpecs', 0])!;
  const options = {
    document: CUSTOM_JOB,
    nameOf: (key: string) => key.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
  };
  const pool = (machine: JsonObject) =>
    checkApi(treeFromJson({ machine_spec: machine, replica_count: '2' }), schema, options);
  expect(pool({ machine_type: 'n1-standard-4', accelerator_count: 0 })).toEqual([]);
  expect(pool({ machine_typ: 'n1' })).toMatchObject([
    { severity: 'error', keys: ['machine_spec', 'machine_typ'] },
  ]);
});
