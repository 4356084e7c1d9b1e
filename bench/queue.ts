/**
 * The queue against its peers and against itself at depth: `npm run bench -- queue`.
 *
 * `BENCH_ONLY=launch,work` runs some parts only; `BENCH_DEPTH` is the depth of the deep queue (5 million); `BENCH_ROUNDS` the rounds (3);
 * `BENCH_PROFILE` a folder for a processor profile of the server.
 * Everything is on one PostgreSQL that is made for it. The peers run in this process; ours is a server over HTTP, with keys checked, events
 * written and its load made by this process too.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { BenchSystem } from './lib/bench-system';
import { Report } from './lib/report';
import { Boss } from './peers/pg-boss';
import { Graphile } from './peers/graphile';
import { benchDepth } from './queue/depth';
import { benchFloor } from './queue/floor';
import { benchLaunches } from './queue/launches';
import { benchLists } from './queue/lists';
import { benchLogs } from './queue/logs';
import { benchMany } from './queue/many';
import { benchPickUp } from './queue/pick-up';
import { benchWork } from './queue/work';

export interface Bench {
  ours: BenchSystem;
  graphile: Graphile;
  boss: Boss;
  report: Report;
  rounds: number;
  depth: number;
}

const parts: Record<string, (bench: Bench) => Promise<void>> = {
  launch: benchLaunches,
  work: benchWork,
  floor: benchFloor,
  pickup: benchPickUp,
  many: benchMany,
  logs: benchLogs,
  depth: benchDepth,
  lists: benchLists,
};

const only = (process.env.BENCH_ONLY ?? Object.keys(parts).join(',')).split(',');
const unknown = only.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(
    `BENCH_ONLY: there is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`,
  );

const ours = await BenchSystem.start();
await ours.db.query('CREATE DATABASE peers');
const peersUrl = ours.system.databaseUrl.replace(/\/slipway$/, '/peers');
const peers = new pg.Pool({ connectionString: peersUrl, max: 64 });
peers.on('error', () => undefined);
const report = new Report('queue');
let graphile: Graphile | undefined;
let boss: Boss | undefined;
try {
  graphile = await Graphile.start(peers);
  boss = await Boss.start(peersUrl);
  const bench: Bench = {
    ours,
    graphile,
    boss,
    report,
    rounds: Number(process.env.BENCH_ROUNDS ?? 3),
    depth: Number(process.env.BENCH_DEPTH ?? 5_000_000),
  };
  for (const name of only) {
    console.log(`\n── ${name}`);
    await parts[name]?.(bench);
  }
  report.write(path.resolve(import.meta.dirname, '../..'));
} catch (error) {
  // The server's own words come a moment after its answer.
  await delay(500);
  console.error(ours.system.server?.text().slice(-4000));
  throw error;
} finally {
  await boss?.stop();
  await graphile?.stop();
  await peers.end();
  await ours.stop();
}
process.exit(0);
