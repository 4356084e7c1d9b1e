// Emulators of AWS, Azure Blob and Cloud Storage for the tests. moto and the Cloud Storage emulator are Python packages, kept in `.venv/`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.mjs';
import { hashOf, root } from './home.mjs';

const venv = path.join(root, '.venv');
const requirements = path.join(root, 'scripts/requirements-test.txt');
const program = (name) => path.join(venv, 'bin', name);

/** Well-known credentials of Azurite. */
const AZURITE_ACCOUNT = 'devstoreaccount1';
const AZURITE_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const EMULATORS = {
  moto: {
    command: (port) => [program('moto_server'), '-H', '127.0.0.1', '-p', String(port)],
    probe: '/moto-api/data.json',
    env: (url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    }),
  },
  gcs: {
    command: (port) => [
      program('gcp-storage-emulator'),
      'start',
      '--host=127.0.0.1',
      `--port=${port}`,
      '--in-memory',
      '--quiet',
    ],
    probe: '/storage/v1/b?project=test',
    env: (url) => ({ STORAGE_EMULATOR_HOST: url, GOOGLE_CLOUD_PROJECT: 'test' }),
  },
  azurite: {
    command: (port, dir) => [
      process.execPath,
      path.join(root, 'node_modules/azurite/dist/src/blob/main.js'),
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      String(port),
      '--location',
      dir,
      '--silent',
      '--skipApiVersionCheck',
      '--disableTelemetry',
    ],
    probe: `/${AZURITE_ACCOUNT}?comp=list`,
    env: (url) => ({
      AZURE_STORAGE_CONNECTION_STRING: [
        'DefaultEndpointsProtocol=http',
        `AccountName=${AZURITE_ACCOUNT}`,
        `AccountKey=${AZURITE_KEY}`,
        `BlobEndpoint=${url}/${AZURITE_ACCOUNT}`,
      ].join(';'),
    }),
  },
};

/** Why an emulator cannot be started on this machine; null when it can. */
export function emulatorMissing(kind) {
  const [command, script] = EMULATORS[kind].command(0, '');
  const file = kind === 'azurite' ? script : command;
  return existsSync(file)
    ? null
    : `${path.relative(root, file)} is not installed: node scripts/install-emulators.mjs`;
}

/**
 * Starts an emulator on a free port, in memory or in a folder that goes with it, and waits until it answers.
 * @param {'moto' | 'gcs' | 'azurite'} kind
 */
export async function startEmulator(kind) {
  const missing = emulatorMissing(kind);
  if (missing) throw new Error(missing);
  const { command, probe, env } = EMULATORS[kind];
  const dir = await mkdtemp(path.join(tmpdir(), `slipway-${kind}-`));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [file, ...args] = command(port, dir);
  const child = spawn(file, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (said = `${said}${String(data)}`.slice(-4000)));
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  // A child of a test that is killed must not stay.
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  void ended.then(() => process.off('exit', atExit));
  for (let tries = 0; tries < 300; tries++) {
    if (await answers(`${url}${probe}`)) return { url, env: env(url), stop };
    const over = await Promise.race([ended.then(() => true), pause(100)]);
    if (over) break;
  }
  await stop();
  throw new Error(`The emulator ${kind} did not answer within 30 s:\n${said}`);
}

/** Any answer counts: Azurite refuses calls without a signature. */
const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
const pause = (ms) => new Promise((resolve) => setTimeout(() => resolve(false), ms));

/**
 * Makes `.venv/` with the Python emulators unless it is there for the same requirements.
 * @returns {Promise<string | null>} why they cannot be installed
 */
export async function installEmulators(say) {
  const stamp = path.join(venv, 'requirements.hash');
  const wanted = await hashOf(requirements);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return null;
  say('Installing emulators of clouds into .venv');
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', '--clear', venv],
    [program('pip'), 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0)
      return `${path.basename(command)} ${args[0]} ${args[1]}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
  }
  await writeFile(stamp, wanted);
  return null;
}
