// Packages and generated code, each only when what it is made from has changed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, root } from './home.mjs';

/** Runs a command; its output is shown only when it fails, unless `show`. */
export function run(command, args, { show = false, env = process.env } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: show ? 'inherit' : 'pipe',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  if (!show) process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new Error(
    `${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ` (exit code ${String(result.status)})`}`,
  );
}

const stamps = path.join(root, 'node_modules/.cache/slipway');

/** Does `step` unless it was done for the same inputs and `output` is still there. */
async function once(name, inputs, output, step) {
  const stamp = path.join(stamps, `${name}.hash`);
  const hash = await hashOf(...inputs.map((file) => path.join(root, file)));
  const done = await readFile(stamp, 'utf8').catch(() => '');
  if (done === hash && existsSync(path.join(root, output))) return false;
  await step();
  await mkdir(stamps, { recursive: true });
  await writeFile(stamp, hash);
  return true;
}

/** Installs packages and generates the database client where needed. */
export async function prepare(say) {
  await once('install', ['package-lock.json'], 'node_modules/next/package.json', () => {
    say('Installing packages');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
  await once(
    'generate',
    ['prisma/schema.prisma', 'package-lock.json', 'scripts/generate.mjs'],
    'server/db/generated/client.ts',
    () => {
      run(process.execPath, ['scripts/generate.mjs']);
    },
  );
}
