import type { Pool } from 'pg';
import { expectedMigrations } from './migrations';

export interface Readiness {
  ready: boolean;
  database: 'ok' | 'unreachable';
  /** Migrations that are still to be applied; null while the database cannot be asked. */
  pendingMigrations: string[] | null;
}

const UNDEFINED_TABLE = '42P01';
const TIMEOUT_MS = 2_000;

/** Whether calls can be served: the database answers and has every migration of this release. */
export function createReadiness(pool: Pool): () => Promise<Readiness> {
  const expected = expectedMigrations();
  let migrated = false;

  async function pendingMigrations(): Promise<string[]> {
    try {
      const { rows } = await pool.query<{ migration_name: string }>(
        'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
      );
      const applied = new Set(rows.map((row) => row.migration_name));
      return expected.filter((name) => !applied.has(name));
    } catch (error) {
      if ((error as { code?: unknown }).code === UNDEFINED_TABLE) return expected;
      throw error;
    }
  }

  async function ask(): Promise<Readiness> {
    if (migrated) await pool.query('SELECT 1');
    const pending = migrated ? [] : await pendingMigrations();
    migrated = pending.length === 0;
    return { ready: migrated, database: 'ok', pendingMigrations: pending };
  }

  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('the database did not answer in time'));
      }, TIMEOUT_MS);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch {
      return { ready: false, database: 'unreachable', pendingMigrations: null };
    } finally {
      clearTimeout(timer);
    }
  };
}
