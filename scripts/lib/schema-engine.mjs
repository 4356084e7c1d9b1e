// Prisma's own schema engine as WebAssembly: real Prisma migrations without the download of a native binary.
// Anyone may go on with the ordinary Prisma CLI on the same database and the same folder.
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const migrationsDir = path.join(root, 'prisma/migrations');
const filters = { externalTables: [], externalEnums: [] };
const lockFile = 'migration_lock.toml';

const require = createRequire(import.meta.url);
let loading;
/** Instantiates the module by hand: its own entry needs a bundler that understands WebAssembly imports. */
async function load() {
  const dir = path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const wasm = await readFile(path.join(dir, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** A schema engine bound to the database at `url`. */
export async function openEngine(url) {
  await (loading ??= load());
  const schema = await readFile(path.join(root, 'prisma/schema.prisma'), 'utf8');
  const { searchParams } = new URL(url);
  const factory = new PrismaPg(
    { connectionString: url },
    { schema: searchParams.get('schema') ?? undefined },
  );
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return { engine, schema };
}

/** The migrations folder in the engine's own form. */
export async function migrationList() {
  const names = (await readdir(migrationsDir, { withFileTypes: true }))
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok',
          value: await readFile(path.join(migrationsDir, name, 'migration.sql'), 'utf8'),
        },
      },
    })),
  );
  const content = await readFile(path.join(migrationsDir, lockFile), 'utf8').catch(() => null);
  return {
    baseDir: migrationsDir,
    lockfile: { path: lockFile, content },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

/** Applies what is missing; returns the names of the migrations that were applied. */
export async function applyMigrations(url) {
  const { engine } = await openEngine(url);
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: await migrationList(),
    filters,
  });
  return appliedMigrationNames;
}

/** SQL that leads from the text of one Prisma schema (null: an empty database) to prisma/schema.prisma; `url` is only needed to open the engine. */
export async function diffToSchema(url, before) {
  const { engine, schema } = await openEngine(url);
  const datamodel = (content) => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
  const { stdout } = await engine.diff({
    from: before === null ? { tag: 'empty' } : datamodel(before),
    to: datamodel(schema),
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters,
  });
  return stdout ?? '';
}
