// Brings the database at DATABASE_URL up to date.
import { applyMigrations } from './lib/schema-engine.mjs';

const url = process.env.DATABASE_URL;
if (!url) {
  console.error(
    'DATABASE_URL is not set. Expected something like postgresql://user:password@host:5432/slipway',
  );
  process.exit(2);
}
const applied = await applyMigrations(url);
console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
process.exit(0);
