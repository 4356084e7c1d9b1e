import { expect, it } from 'vitest';
import { resourceCommand } from './resource-command';

it.each([
  ['local-container', 'slipway-abc', 'docker inspect slipway-abc'],
  ['kubernetes', 'batch/v1/Job/training/abc', 'kubectl -n training describe job/abc'],
  ['kubernetes', 'v1/Pod/training/abc', 'kubectl -n training describe pod/abc'],
  ['sagemaker', 'abc', 'aws sagemaker describe-training-job --training-job-name abc'],
  [
    'gcp-vertex',
    'my-project/us-central1/abc-2',
    "gcloud ai custom-jobs list --project=my-project --region=us-central1 '--filter=labels.slipway-run-id=abc AND labels.slipway-execution=2'",
  ],
  ['gcp-vertex', 'nonsense', undefined],
  ['local-process', 'process:abc', undefined],
  ['kubernetes', 'nonsense', undefined],
  ['sagemaker', null, undefined],
] as const)('%s %s', (resource, ref, command) => {
  expect(resourceCommand(resource, ref)).toBe(command);
});
