import { describe, expect, it } from 'vitest';
import type { Queue } from '@/core/wire';
import { readSettings, toSettingsForm } from './settings-form';

const queue = {
  description: 'd',
  prioritized: true,
  maxInFlight: null,
  startTimeoutSeconds: 1800,
  stopGraceSeconds: 30,
  retryPolicy: {
    limit: 2,
    categories: ['oom'],
    exitCodes: [75, 137],
    backoffSeconds: 10,
    maxBackoffSeconds: 600,
  },
  overrideAllow: ['env', '/resources/limits/*'],
} as unknown as Queue;

describe('settings', () => {
  it('come back unchanged', () => {
    const { settings, errors } = readSettings(toSettingsForm(queue));
    expect(errors).toEqual({});
    expect(settings).toEqual(queue);
  });

  it('say what is no number and what is no path', () => {
    const { errors } = readSettings({
      ...toSettingsForm(queue),
      maxInFlight: 'many',
      startTimeoutSeconds: '',
      exitCodes: '1, x',
      overrideAllow: 'env\n..',
    });
    expect(Object.keys(errors).sort()).toEqual([
      'maxInFlight',
      'overrideAllow',
      'retryPolicy.exitCodes',
      'startTimeoutSeconds',
    ]);
    expect(errors.overrideAllow).toContain('".."');
  });
});
