import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canLimitFiles, familyOf, limitFiles } from '../support/disk';
import { peakMegabytes } from '../support/memory';
import { runNode, System, until, type Child } from '../support/system';
import { createQueue, ENTITY, listRuns, readLog } from './support';

/** Bytes. It cannot be compressed, so that all of it travels. */
const FILES = 10;
const FILE_BYTES = 50_000_000;
/** What any process may hold at most, MB. */
const LIMIT_MB = 300;

let system: System;
let database: Pool;
let agent: Child;
beforeAll(async () => {
  system = await System.start();
  database = new Pool({ connectionString: system.databaseUrl, max: 1 });
  await createQueue(system, 'code', 'local-process');
  agent = system.startAgent({ entity: ENTITY, queues: ['code'], token: await system.agentToken(ENTITY) });
}, 120_000);
afterAll(async () => {
  await database.end();
  await system.stop();
});

function directory(name: string, files: number): string {
  const folder = path.join(system.dir, name);
  mkdirSync(folder);
  for (let i = 0; i < files; i += 1) writeFileSync(path.join(folder, `part-${i}`), randomBytes(FILE_BYTES));
  return folder;
}

/** The command line in the directory, as a user would call it. */
function startLaunch(folder: string): Child {
  return runNode(
    [path.resolve('dist/cli.mjs'), 'launch', '--path', '.', '-q', 'code', '--entry-point', 'ls', '--follow'],
    {
      SLIPWAY_BASE_URL: system.baseUrl,
      SLIPWAY_API_KEY: system.apiKey,
      XDG_CONFIG_HOME: path.join(system.dir, 'config'),
    },
    folder,
  );
}

const pieces = async () =>
  (
    await database.query<{ id: string; stored: boolean }>(
      'SELECT id, stored FROM artifact_pieces ORDER BY start, created_at',
    )
  ).rows;
const wholeArchives = async () =>
  (await database.query<{ pieces: string[] }>('SELECT pieces FROM artifacts')).rows;

/** Files of the server's blob store, those that are being written too. */
function blobs(): string[] {
  const directory = path.join(system.dir, 'blobs');
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

async function killInTheMiddle(folder: string): Promise<void> {
  const before = new Set((await pieces()).map(({ id }) => id));
  const killed = startLaunch(folder);
  await until(
    'an upload on its way',
    async () => (await pieces()).filter(({ id, stored }) => stored && !before.has(id)).length,
    (stored) => stored >= 2,
  );
  await killed.kill('SIGKILL');
}

describe.skipIf(process.platform !== 'linux')('500 MB from the command line to the agent', () => {
  it(
    'need little memory anywhere, and go on where a killed upload stopped',
    { timeout: 240_000 },
    async () => {
      const folder = directory('large', FILES);
      await killInTheMiddle(folder);
      expect(await wholeArchives()).toEqual([]);
      expect(await listRuns(system, '')).toEqual([]);
      const kept = (await pieces()).filter(({ stored }) => stored).map(({ id }) => id);

      const again = startLaunch(folder);
      let commandLine = 0;
      while (again.running) {
        commandLine = Math.max(commandLine, peakMegabytes(again.process.pid));
        await delay(50);
      }
      expect(await again.ended, again.text()).toBe(0);
      const [run] = await listRuns(system, '');
      expect(run?.state).toBe('finished');
      const names = Array.from({ length: FILES }, (_, i) => `part-${i}\n`);
      expect(await readLog(system, run?.id ?? '')).toContain(names.join(''));
      // What the killed one had brought was not sent again.
      const [archive] = await wholeArchives();
      expect(archive?.pieces.slice(0, kept.length)).toEqual(kept);

      const peaks = {
        commandLine,
        server: peakMegabytes(system.server?.process.pid),
        agent: peakMegabytes(agent.process.pid),
      };
      for (const [name, peak] of Object.entries(peaks)) {
        expect(peak, `${name}, MB`).toBeGreaterThan(0);
        expect(peak, `${name}, MB`).toBeLessThan(LIMIT_MB);
      }
    },
  );

  it(
    'that were killed and are never continued are gone after the clean-up',
    { timeout: 120_000 },
    async () => {
      const archives = await wholeArchives();
      await killInTheMiddle(directory('abandoned', 2));
      const left = (await pieces()).map(({ id }) => id);
      expect(blobs().length).toBeGreaterThan(archives.flatMap((archive) => archive.pieces).length);

      // Two days later: the worker does each of its tasks when it starts.
      await database.query("UPDATE artifact_pieces SET created_at = created_at - interval '2 days'");
      const old = new Date(Date.now() - 2 * 86_400_000);
      for (const file of blobs()) utimesSync(file, old, old);
      await system.worker?.kill('SIGTERM');
      system.startWorker();

      const whole = archives.flatMap((archive) => archive.pieces);
      await until(
        'the clean-up',
        async () => [(await pieces()).length, blobs().length],
        ([rows, files]) => rows === whole.length && files === whole.length,
      );
      expect(left.length).toBeGreaterThan(whole.length);
      expect(
        blobs()
          .map((file) => path.basename(file))
          .sort(),
      ).toEqual([...whole].sort());
      expect(await wholeArchives()).toEqual(archives);
    },
  );
});

describe.skipIf(!canLimitFiles())('a server whose disk is full', () => {
  it(
    'says so to who uploads, keeps nothing of it, and takes the upload once there is room',
    { timeout: 120_000 },
    async () => {
      const folder = path.join(system.dir, 'no-room');
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'weights'), randomBytes(20_000_000));
      const before = { blobs: blobs(), rows: await pieces(), whole: await wholeArchives() };
      const processes = await familyOf(system.server?.process.pid ?? 0);
      const runs = (await listRuns(system, '')).length;

      // Less than one piece of the upload.
      await limitFiles(processes, 6_000_000);
      const refused = startLaunch(folder);
      expect(await refused.ended, refused.text()).toBe(1);
      expect(refused.text()).toContain(
        'The disk of the server is full: the upload was not kept. Ask an operator to make room.',
      );
      expect(await wholeArchives()).toEqual(before.whole);
      expect(await pieces()).toEqual(before.rows);
      expect(blobs()).toEqual(before.blobs);
      expect(await listRuns(system, '')).toHaveLength(runs);
      expect((await fetch(`${system.baseUrl}/readyz`)).status).toBe(200);

      await limitFiles(processes, null);
      const taken = startLaunch(folder);
      expect(await taken.ended, taken.text()).toBe(0);
      expect(await wholeArchives()).toHaveLength(before.whole.length + 1);
      const [run] = await listRuns(system, '');
      expect(await readLog(system, run?.id ?? '')).toContain('weights\n');
    },
  );
});
