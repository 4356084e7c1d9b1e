import type { JobVersion } from '@/core/wire';
import { versionFacts } from './source';

export interface ChangedFact {
  name: string;
  /** Null: it has none. */
  before: string | null;
  after: string | null;
}

/** What two versions of a job differ in, in the order in which a version is described. */
export function versionDiff(before: JobVersion, after: JobVersion): ChangedFact[] {
  const [old, fresh] = [new Map(versionFacts(before)), new Map(versionFacts(after))];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((name) => ({ name, before: old.get(name) ?? null, after: fresh.get(name) ?? null }))
    .filter((fact) => fact.before !== fact.after);
}
