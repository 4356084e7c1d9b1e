import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Names of the migrations this build knows, put in by the build script; absent when run from source. */
declare const SLIPWAY_MIGRATIONS: string[] | undefined;

/** The migrations that must have been applied before this release works. */
export function expectedMigrations(): string[] {
  if (typeof SLIPWAY_MIGRATIONS !== 'undefined') return SLIPWAY_MIGRATIONS;
  const dir = path.resolve('prisma/migrations');
  if (!existsSync(dir))
    throw new Error(`The migrations are not at ${dir}: start from the folder of the project.`);
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
