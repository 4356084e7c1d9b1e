// `npm test`: installs what the tests need, then lint, types, unit and integration tests, build, `up --check`, browser tests.
// Says at the end which real services took part. REQUIRE_ALL_SERVICES=1: a skipped test is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installEmulators } from './lib/cloud-emulators.mjs';
import { readJson, root } from './lib/home.mjs';
import { prepare } from './lib/prepare.mjs';
import { findServices } from './lib/services.mjs';

const strict = process.env.REQUIRE_ALL_SERVICES === '1';
const results = path.join(root, 'test-results');
const totals = { passed: 0, failed: 0, skipped: 0 };
const lines = [];

function exec(command, args, env = {}) {
  const started = Date.now();
  console.log(`\n── ${[path.basename(command), ...args].join(' ')}`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return { ok: status === 0, seconds: Math.round((Date.now() - started) / 1000) };
}

function note(name, { passed, failed, skipped }, seconds) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  lines.push(`${name.padEnd(14)} ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`);
}

/** A step that is one check. */
function step(name, command, args, env) {
  const { ok, seconds } = exec(command, args, env);
  note(name, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }, seconds);
  return ok;
}

/** A test runner whose JSON report counts; a runner that dies before it reports is one failure. */
async function suite(name, command, args, report, count, env) {
  const { ok, seconds } = exec(command, args, env);
  const counted = count(await readJson(report));
  if (!ok && counted.failed === 0) counted.failed = 1;
  note(name, counted, seconds);
}

const countVitest = (report) => ({
  passed: report?.numPassedTests ?? 0,
  failed: report?.numFailedTests ?? 1,
  skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
});
const countPlaywright = (report) => ({
  passed: (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0),
  failed: report?.stats.unexpected ?? 1,
  skipped: report?.stats.skipped ?? 0,
});
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const vitest = (project) => {
  const report = path.join(results, `${project}.json`);
  return suite(
    project,
    bin('vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    report,
    countVitest,
  );
};

await prepare(console.log);
await rm(results, { recursive: true, force: true });
await mkdir(results, { recursive: true });
const emulatorProblem = await installEmulators(console.log);
if (emulatorProblem) console.log(`The emulators of clouds cannot be installed: ${emulatorProblem}`);
const services = await findServices();

step('eslint', bin('eslint'), ['.', '--max-warnings', '0']);
step('prettier', bin('prettier'), ['--check', '--log-level', 'warn', '.']);
step('imports', 'npm', ['run', '--silent', 'depcruise']);
step('dead code', bin('knip'), []);
step('types', bin('tsc'), ['--noEmit']);
await vitest('unit');
await vitest('integration');
const built = step('build', process.execPath, ['scripts/build.mjs']);
if (built) {
  const home = await mkdtemp(path.join(tmpdir(), 'slipway-up-'));
  step('up --check', process.execPath, ['scripts/up.mjs', '--check'], {
    SLIPWAY_HOME: path.join(home, 'home'),
    DATABASE_URL: '',
  });
  await rm(home, { recursive: true, force: true });
  await vitest('system');
  if (services.browser.path) {
    const report = path.join(results, 'browser.json');
    await suite('browser', bin('playwright'), ['test'], report, countPlaywright, {
      SLIPWAY_BROWSER: services.browser.path,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
  } else {
    note('browser', { passed: 0, failed: 0, skipped: 1 }, 0);
  }
}
const missing = Object.entries(services).filter(([, service]) => service.missing);
console.log(`\n${lines.join('\n')}\n\nReal services`);
for (const [name, service] of Object.entries(services))
  console.log(`  ${name.padEnd(12)} ${service.missing ? `not here: ${service.missing}` : service.version}`);
if (existsSync(path.join(results, 'unit.json')) && missing.length > 0)
  console.log(`  Skipped tests need: ${missing.map(([name]) => name).join(', ')}`);
// What cannot run on this machine at all is named above; anything else that is skipped is a failure of this run.
const required = missing.filter(([, service]) => service.required).map(([name]) => name);
const refused = strict && (required.length > 0 || (totals.skipped > 0 && missing.length === 0));
if (refused)
  console.log(
    required.length > 0
      ? `REQUIRE_ALL_SERVICES=1: needs ${required.join(', ')}.`
      : 'REQUIRE_ALL_SERVICES=1: every service is here, so nothing may be skipped.',
  );
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || refused ? 1 : 0);
