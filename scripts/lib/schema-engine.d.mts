export const root: string;
export const migrationsDir: string;
/** Applies what is missing; returns the names of the migrations that were applied. */
export function applyMigrations(url: string): Promise<string[]>;
export function diffToSchema(url: string, before: string | null): Promise<string>;
