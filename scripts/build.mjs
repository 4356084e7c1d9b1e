// Builds the product: the web pages by Next, and server, worker and command line by esbuild. A part whose inputs have not changed
// since its last build is left alone. `--only server|web` builds one part, `--force` builds in any case.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = path.join(root, 'dist/.build.json');

const ENTRIES = { server: 'server/main.ts', worker: 'workers/background/main.ts', cli: 'cli/main.ts' };
const SHARED = ['core', 'package-lock.json', 'tsconfig.json'];
const PARTS = {
  server: {
    inputs: [...SHARED, 'package.json', 'scripts/build.mjs', 'server', 'workers', 'cli', 'prisma'],
    outputs: () => Object.keys(entryPoints()).map((name) => `dist/${name}.mjs`),
    build: buildProcesses,
  },
  web: {
    inputs: [
      ...SHARED,
      'next.config.mjs',
      'postcss.config.mjs',
      'app',
      'components',
      'public',
      'server/session.ts',
      'server/session-cookie.ts',
      'server/auth-options.ts',
      'server/door.ts',
    ],
    outputs: () => ['.next/BUILD_ID'],
    build: buildWeb,
  },
};

/**
 * Builds what has changed; returns the names of the parts that were built.
 * @param {{ only?: 'server' | 'web', force?: boolean, log?: (line: string) => void }} [options]
 */
export async function build({ only, force = false, log = console.log } = {}) {
  const stamps = existsSync(stampFile) ? JSON.parse(await readFile(stampFile, 'utf8')) : {};
  const built = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (only && only !== name) continue;
    const hash = await hashOf(part.inputs);
    const complete = part.outputs().every((file) => existsSync(path.join(root, file)));
    if (!force && complete && stamps[name] === hash) continue;
    const began = Date.now();
    log(`building ${name} …`);
    await part.build();
    stamps[name] = hash;
    await mkdir(path.dirname(stampFile), { recursive: true });
    await writeFile(stampFile, JSON.stringify(stamps, null, 2));
    log(`built ${name} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    built.push(name);
  }
  return built;
}

/** Tests are no input: a changed one needs no new build. */
const isInput = (file) => !/\.test\.tsx?$/.test(file);

/** SHA-256 over names and contents of files and folders, the Node version included. */
async function hashOf(inputs) {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) {
    const target = path.join(root, input);
    if (!existsSync(target)) continue;
    const entries = await readdir(target, { recursive: true, withFileTypes: true }).catch(() => null);
    const files = entries
      ? entries
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .filter(isInput)
          .sort()
      : [target];
    for (const file of files) hash.update(`\0${path.relative(root, file)}\0`).update(await readFile(file));
  }
  return hash.digest('hex');
}

function entryPoints() {
  return Object.fromEntries(
    Object.entries(ENTRIES)
      .filter(([, file]) => existsSync(path.join(root, file)))
      .map(([name, file]) => [name, path.join(root, file)]),
  );
}

async function buildProcesses() {
  const migrations = readdirSync(path.join(root, 'prisma/migrations'), { withFileTypes: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: entryPoints(),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    alias: { '@': root.replace(/\/$/, '') },
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    define: {
      SLIPWAY_MIGRATIONS: JSON.stringify(
        migrations.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
      ),
    },
    logLevel: 'warning',
  });
}

function buildWeb() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`next build ended with code ${code}`)),
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? undefined : process.argv[at + 1];
  if (only !== undefined && !(only in PARTS)) {
    console.error('usage: node scripts/build.mjs [--only server|web] [--force]');
    process.exit(2);
  }
  try {
    const built = await build({ only, force: process.argv.includes('--force') });
    if (built.length === 0) console.log('Everything is built already.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
