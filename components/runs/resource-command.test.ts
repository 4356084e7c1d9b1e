import { expect, it } from 'vitest';
import { resourceCommand } from './resource-command';

it.each([
  ['local-container', 'slipway-abc', 'docker inspect slipway-abc'],
  ['kubernetes', 'batch/v1/Job/training/abc', 'kubectl -n training describe job/abc'],
  ['kubernetes', 'v1/Pod/training/abc', 'kubectl -n training describe pod/abc'],
  ['sagemaker', 'abc', 'aws sagemaker describe-training-job --training-job-name abc'],
  [
    'gcp-vertex',
    'projects/p/locations/l/customJobs/1',
    'gcloud ai custom-jobs describe projects/p/locations/l/customJobs/1',
  ],
  ['local-process', 'process:abc', undefined],
  ['kubernetes', 'nonsense', undefined],
  ['sagemaker', null, undefined],
] as const)('%s %s', (resource, ref, command) => {
  expect(resourceCommand(resource, ref)).toBe(command);
});
