// `npm run chaos -- [--runs N] [--faults N] [--seed N]`: the long form of the chaos test, over the built product.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/home.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    faults: { type: 'string', default: '200' },
    seed: { type: 'string' },
  },
});
const { status } = spawnSync(
  path.join(root, 'node_modules/.bin/vitest'),
  ['run', '--project', 'system', 'e2e/chaos'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      CHAOS_RUNS: values.runs,
      CHAOS_FAULTS: values.faults,
      ...(values.seed ? { CHAOS_SEED: values.seed } : {}),
    },
  },
);
process.exit(status ?? 1);
