import type { LaunchSpec } from '@/core/wire';

let counter = 0;

/** A launch on a queue of processes, or of what `overrides` say. */
export function testSpec(overrides: Partial<LaunchSpec> = {}): LaunchSpec {
  counter += 1;
  const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`.slice(-8);
  return {
    runId: `t${unique}${String(counter).padStart(3, '0')}`,
    runName: `test-${counter}`,
    entity: 'team',
    project: 'tests',
    queue: 'default',
    queueVersion: 1,
    author: 'ada',
    priority: null,
    resource: 'local-process',
    config: {},
    origins: {},
    image: null,
    source: null,
    entrypoint: ['/bin/sh', '-c', 'echo hello'],
    args: [],
    env: {},
    runConfig: {},
    builder: {},
    startTimeoutSeconds: 60,
    stopGraceSeconds: null,
    ...overrides,
  };
}
