import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/core/wire';
import { formatRef, parseRef } from './ref';
import { verdictOf } from './verdict';

const phase = (status: JsonObject, spec: JsonObject = {}, annotations: Record<string, string> = {}) =>
  verdictOf({ metadata: { name: 'x', annotations }, spec, status }).phase;
const conditions = (...types: string[]) => ({ conditions: types.map((type) => ({ type, status: 'True' })) });

describe('how an object stands', () => {
  it.each<[string, JsonObject, string]>([
    ['a Job', conditions('SuccessCriteriaMet', 'Complete'), 'succeeded'],
    ['a Job', conditions('FailureTarget', 'Failed'), 'failed'],
    ['PyTorchJob', conditions('Created', 'Running'), 'running'],
    ['PyTorchJob', conditions('Created', 'Succeeded'), 'succeeded'],
    ['TrainJob', conditions('Complete'), 'succeeded'],
    ['JobSet', conditions('Completed'), 'succeeded'],
    ['Volcano Job', { state: { phase: 'Aborted' } }, 'failed'],
    ['Volcano Job', { state: { phase: 'Inqueue' } }, 'held'],
    ['RayJob', { jobStatus: 'RUNNING', jobDeploymentStatus: 'Running' }, 'running'],
    ['RayJob', { jobStatus: 'SUCCEEDED', jobDeploymentStatus: 'Complete' }, 'succeeded'],
    ['RayJob', { jobStatus: 'FAILED', jobDeploymentStatus: 'Complete' }, 'failed'],
    ['Workflow', { phase: 'Error' }, 'failed'],
    ['another', { status: 'done' }, 'succeeded'],
    ['another', {}, 'waiting'],
  ])('%s %j', (_kind, status, wanted) => {
    expect(phase(status)).toBe(wanted);
  });
  it('suspended is held, until it has ended', () => {
    expect(phase({}, { suspend: true })).toBe('held');
    expect(phase({}, { runPolicy: { suspend: true } })).toBe('held');
    expect(phase(conditions('Failed'), { suspend: true })).toBe('failed');
  });
  it('as the queue says', () => {
    const annotations = {
      'slipway.dev/status-field': '.status.outcome.code',
      'slipway.dev/succeeded-values': 'Green, Yellow',
      'slipway.dev/failed-values': 'Red',
    };
    expect(phase({ outcome: { code: 'Yellow' } }, {}, annotations)).toBe('succeeded');
    expect(phase({ outcome: { code: 'Red' }, phase: 'Succeeded' }, {}, annotations)).toBe('failed');
    expect(phase({ outcome: { code: 'Blue' } }, {}, annotations)).toBe('waiting');
  });
});

it('references name object and kind, whatever the group', () => {
  for (const apiVersion of ['v1', 'batch/v1', 'kubeflow.org/v1']) {
    const ref = { apiVersion, kind: 'Thing', namespace: 'a', name: 'b' };
    expect(parseRef(formatRef(ref))).toEqual(ref);
  }
  expect(() => parseRef('container-1')).toThrow();
});
