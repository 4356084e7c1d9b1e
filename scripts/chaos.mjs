// `npm run chaos -- [--runs N] [--faults N] [--seed N]`: the long form of the chaos test, over the built product.
// `npm run chaos -- --without fencing|adoption|hint [--rounds N]`: the same over a copy without that guard; good when the test fails.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mutate, MUTANTS } from './chaos/mutants.mjs';
import { build } from './build.mjs';
import { root } from './lib/home.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    faults: { type: 'string' },
    seed: { type: 'string' },
    without: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});

/** @returns whether the test passes */
function chaos(cwd, { runs, faults, seed }, stdio = 'inherit') {
  const { status, signal, stdout, stderr } = spawnSync(
    path.join(root, 'node_modules/.bin/vitest'),
    ['run', '--project', 'system', 'e2e/chaos/chaos'],
    {
      cwd,
      stdio: ['ignore', stdio, stdio],
      env: { ...process.env, CHAOS_RUNS: runs, CHAOS_FAULTS: faults, ...(seed ? { CHAOS_SEED: seed } : {}) },
    },
  );
  if (signal) process.exit(1);
  return { passed: status === 0, output: `${stdout ?? ''}${stderr ?? ''}` };
}

const mutant = values.without === undefined ? undefined : MUTANTS[values.without];
if (values.without !== undefined && !mutant) {
  console.error(`--without is one of ${Object.keys(MUTANTS).join(', ')}`);
  process.exit(2);
}
await build(); // the pages too: a copy without a guard borrows them

if (!mutant) {
  const { passed } = chaos(root, { runs: '10000', faults: '200', ...values });
  process.exit(passed ? 0 : 1);
}

const copy = mkdtempSync(path.join(tmpdir(), 'slipway-without-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
const left = new Set(['node_modules', '.next', 'dist', '.git', '.slipway', '.venv', 'test-results']);
cpSync(root, copy, { recursive: true, filter: (file) => !left.has(path.relative(root, file)) });
for (const name of ['node_modules', '.next']) symlinkSync(path.join(root, name), path.join(copy, name));
mutate(copy, values.without);
const built = spawnSync(process.execPath, ['scripts/build.mjs', '--only', 'server'], {
  cwd: copy,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);

for (let round = 1; round <= Number(values.rounds); round += 1) {
  const { passed, output } = chaos(copy, { runs: '120', faults: '14', ...values }, 'pipe');
  if (!passed) {
    const lines = output.split('\n').filter((line) => /\(seed \d+\)|^\S*\+ |did not come about/.test(line));
    console.log(`Without ${values.without} (${mutant.what}) the test fails in round ${round}:`);
    console.log([...new Set(lines)].slice(0, 20).join('\n'));
    process.exit(0);
  }
  console.log(`round ${round}: the test passes without ${values.without}`);
}
console.error(`The chaos test does not miss the guard: ${mutant.what}.`);
process.exit(1);
