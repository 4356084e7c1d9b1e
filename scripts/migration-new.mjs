// Developers: writes prisma/migrations/<stamp>_<name>/migration.sql with the difference between the committed
// prisma/schema.prisma and the one in the work tree. What Prisma cannot say is added to that file by hand.
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withScratchDatabase } from './lib/embedded-postgres.mjs';
import { diffToSchema, migrationsDir } from './lib/schema-engine.mjs';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('usage: node scripts/migration-new.mjs name_in_snake_case');
  process.exit(2);
}
const committed = spawnSync('git', ['show', 'HEAD:prisma/schema.prisma'], { encoding: 'utf8' });
const before = committed.status === 0 ? committed.stdout : null;
const sql = await withScratchDatabase((url) => diffToSchema(url, before));
if (!sql.trim() || sql.includes('This is an empty migration')) {
  console.log('prisma/schema.prisma has not changed since the last commit; nothing written.');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const dir = path.join(migrationsDir, `${stamp}_${name}`);
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, 'migration.sql'), sql);
  console.log(`wrote ${path.relative(process.cwd(), dir)}/migration.sql`);
}
