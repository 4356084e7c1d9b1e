import type { LaunchSpec } from '@/core/wire';

/** A launch spec for tests. */
export const testSpec = (changes: Partial<LaunchSpec> = {}): LaunchSpec => ({
  runId: 'abc123def456',
  runName: 'quiet-harbor-7',
  entity: 'team',
  project: 'vision',
  queue: 'gpu',
  queueVersion: 3,
  author: 'ada',
  priority: null,
  resource: 'local-container',
  config: {},
  origins: {},
  image: 'registry.example.com/train:1',
  source: null,
  entrypoint: null,
  args: [],
  env: {},
  runConfig: { lr: 0.1 },
  builder: {},
  startTimeoutSeconds: 1800,
  stopGraceSeconds: null,
  ...changes,
});
