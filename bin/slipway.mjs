#!/usr/bin/env node
// `slipway server` and `slipway worker` start the built processes; everything else is the command line.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROCESSES = { server: 'server.mjs', worker: 'worker.mjs' };
const file = PROCESSES[process.argv[2]] ?? 'cli.mjs';
const url = new URL(`../dist/${file}`, import.meta.url);

if (!existsSync(fileURLToPath(url))) {
  console.error(
    `slipway is not built yet (${fileURLToPath(url)} is missing). Run "npm run build", or "npm run up", in the project's folder.`,
  );
  process.exit(1);
}
// React and Next choose their build by it when they are loaded, so it must stand before.
process.env.NODE_ENV ??= process.argv.includes('--dev') ? 'development' : 'production';
await import(url.href);
