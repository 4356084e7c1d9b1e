// `npm run up`: everything on one machine. `--check` runs the demo run to its end and stops; `--port N`; `--dev` reloads code.
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './lib/free-port.mjs';
import { clientOf, DEMO_QUEUE, demoLaunch, firstUse, waitReady } from './lib/first-use.mjs';
import { databaseDir, devFile, home, localSecrets, readJson, writePrivateJson } from './lib/home.mjs';
import { prepare, run } from './lib/prepare.mjs';
import { endOrphans, isAlive, startChild, tailOf } from './lib/processes.mjs';
import { SERVER_FLAGS } from './lib/server-flags.mjs';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean' }, dev: { type: 'boolean' }, port: { type: 'string' } },
});
const say = (text) => console.log(text);
const lockFile = path.join(home, 'up.pid');

/** Ends one after the other, the newest first. */
const closers = [];
async function closeAll() {
  while (closers.length > 0)
    await closers
      .pop()()
      .catch((error) => console.error(error.message));
}

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** The port asked for, else the one of the last start, else 3000, else any that is free. */
async function choosePort(known) {
  if (options.port !== undefined) {
    const port = Number(options.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`--port must be 1 to 65535, not "${options.port}".`);
    if (!(await isFree(port)))
      throw new Error(`Port ${port} is in use by another program. Choose another with --port.`);
    return port;
  }
  for (const port of [known ? Number(new URL(known.baseUrl).port) : 3000, 3000])
    if (await isFree(port)) return port;
  return freePort();
}

async function startDatabase(secrets) {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { startPostgres } = await import('./lib/embedded-postgres.mjs');
  const dir = databaseDir();
  await mkdir(path.dirname(dir), { recursive: true, mode: 0o755 });
  const log = [];
  const server = await startPostgres({
    dir,
    password: secrets.databasePassword,
    onLog: (line) => log.push(line),
  }).catch((error) => {
    throw new Error(
      `PostgreSQL did not start: ${error?.message ?? 'no reason given'}\n${log.slice(-10).join('\n')}`,
    );
  });
  closers.push(() => server.stop());
  await server.createDatabase('slipway').catch((error) => {
    if (error.code !== '42P04') throw error; // it is there already
  });
  return server.url();
}

function serverEnvironment({ secrets, databaseUrl, port }) {
  return {
    ...process.env,
    NODE_ENV: options.dev ? 'development' : 'production',
    DATABASE_URL: databaseUrl,
    NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET || secrets.sessionSecret,
    SLIPWAY_BASE_URL: `http://127.0.0.1:${port}`,
    SLIPWAY_HOST: '127.0.0.1',
    SLIPWAY_PORT: String(port),
    SLIPWAY_SECRET_KEYS: process.env.SLIPWAY_SECRET_KEYS || secrets.secretKeys,
    // This machine is the user's own: refs of its own repositories may be looked up too.
    SLIPWAY_GIT_RESOLVE: process.env.SLIPWAY_GIT_RESOLVE || 'https,http,file,local',
    SLIPWAY_BLOB_STORE: process.env.SLIPWAY_BLOB_STORE || path.join(home, 'blobs'),
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

async function start() {
  const known = await readJson(devFile);
  const secrets = await localSecrets();
  const port = await choosePort(known);
  const baseUrl = `http://127.0.0.1:${port}`;
  const databaseUrl = await startDatabase(secrets);
  const { applyMigrations } = await import('./lib/schema-engine.mjs');
  const applied = await applyMigrations(databaseUrl);
  if (applied.length > 0)
    say(`Database: ${applied.length} migration${applied.length === 1 ? '' : 's'} applied`);

  const env = serverEnvironment({ secrets, databaseUrl, port });
  let stopping = false;
  const failed = new Set();
  const child = async (name, script, args, { childEnv = env, flags = [] } = {}) => {
    const started = await startChild(name, script, args, {
      env: childEnv,
      flags,
      onExit: async (code, signal) => {
        failed.add(name);
        if (stopping) return;
        console.error(
          `The ${name} ended (${signal ?? `exit code ${code}`}). Its last lines:\n${await tailOf(name)}`,
        );
        process.kill(process.pid, 'SIGTERM');
      },
    });
    closers.push(() => {
      stopping = true;
      return started.stop();
    });
    return started;
  };
  await child('server', 'dist/server.mjs', options.dev ? ['--dev'] : [], { flags: SERVER_FLAGS });
  await child('worker', 'dist/worker.mjs', []);
  await waitReady(baseUrl, () => failed.size > 0);
  const used = await firstUse(baseUrl, { adminPassword: secrets.adminPassword, known });
  const { PATH, HOME, USER, LANG, TMPDIR, DOCKER_HOST } = process.env;
  const agentEnv = Object.fromEntries(
    Object.entries({
      PATH,
      HOME,
      USER,
      LANG,
      TMPDIR,
      DOCKER_HOST,
      SLIPWAY_BASE_URL: baseUrl,
      SLIPWAY_AGENT_TOKEN: used.agentToken,
    }).filter(([, value]) => value !== undefined),
  );
  const agentArgs = [
    'launch-agent',
    '-q',
    DEMO_QUEUE,
    '-e',
    used.entity,
    '--name',
    'this-machine',
    '--max-jobs',
    '2',
    '--state-dir',
    path.join(home, 'agent'),
    '--drain-timeout',
    '5',
  ];
  await child('agent', 'dist/cli.mjs', agentArgs, { childEnv: agentEnv });
  await writePrivateJson(devFile, {
    baseUrl,
    email: used.email,
    password: used.password,
    apiKey: used.apiKey,
    agentToken: used.agentToken,
    databaseUrl,
    entity: used.entity,
  });
  return { baseUrl, ...used };
}

/** Launches the demo run and reads its log back over HTTP. */
async function check({ baseUrl, apiKey, entity }) {
  const api = clientOf(baseUrl, apiKey);
  const { id } = await api('POST', `/api/v1/entities/${entity}/queues/${DEMO_QUEUE}/runs`, demoLaunch);
  let state = '';
  for (const until = Date.now() + 120_000; Date.now() < until; await delay(200)) {
    const found = await api('GET', `/api/v1/runs/${id}`);
    if (found.state !== state)
      say(`demo run ${id}: ${found.state}${found.waiting ? ` (${found.waiting.message})` : ''}`);
    ({ state } = found);
    if (['finished', 'failed', 'stopped'].includes(state)) break;
  }
  const { text } = await api('GET', `/api/v1/runs/${id}/logs`);
  process.stdout.write(text.replace(/^/gm, '  | ').replace(/ {2}\| $/, ''));
  if (state !== 'finished' || !text.includes('done'))
    throw new Error(`The demo run did not finish: it is ${state}.`);
  say('check: the demo run has finished and its log was read back');
}

function describe({ baseUrl, email, password, entity }) {
  say(`Slipway is ready at ${baseUrl}`);
  say(`  sign in     ${email} / ${password}`);
  say(
    `  launch      npx slipway launch -q ${DEMO_QUEUE} --entry-point "echo hello" --set-var greeting=Ahoy --follow`,
  );
  say(`  queue       ${baseUrl}/${entity}/queues/${DEMO_QUEUE}`);
  say(`  logs        ${path.relative(process.cwd(), path.join(home, 'logs')) || '.'}`);
}

/** A running `up` of this checkout: what it wrote, or null. */
async function running() {
  const pid = Number(await readFile(lockFile, 'utf8').catch(() => '0'));
  if (!(pid > 0 && pid !== process.pid && isAlive(pid))) return null;
  const known = await readJson(devFile);
  const ready =
    known &&
    (await fetch(`${known.baseUrl}/readyz`).then(
      (r) => r.ok,
      () => false,
    ));
  return ready ? known : null;
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Slipway needs Node.js 20.19 or newer; this is ${process.version}.`);
  const already = await running();
  if (already) {
    if (options.check) return check(already);
    describe(already);
    say('It was running already; this command did nothing.');
    return undefined;
  }
  await mkdir(home, { recursive: true });
  await writeFile(lockFile, String(process.pid));
  const ended = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(signal));
  });
  try {
    await prepare(say);
    run(process.execPath, ['scripts/build.mjs', ...(options.dev ? ['--only', 'server'] : [])], {
      show: true,
    });
    await endOrphans(databaseDir());
    const started = await Promise.race([start(), ended.then(() => null)]);
    if (started === null) throw new Error('Stopped before everything was up.');
    if (options.check) return await check(started);
    describe(started);
    say(`Ctrl-C stops everything; the data stays in ${path.relative(process.cwd(), home) || '.'}/.`);
    if (options.dev)
      say('Pages reload as you edit; after a change of server, worker, agent or CLI start again.');
    await ended;
    say('Stopping');
  } finally {
    await closeAll();
    await rm(lockFile, { force: true });
  }
  return undefined;
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(`slipway: ${error.message}`);
    process.exit(1);
  },
);
