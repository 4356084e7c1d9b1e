import type { RunFilter } from '@/core/wire';

/** What a list of runs is filtered by, in the order of the bar; the names are those of the address and of the interface. */
export const FILTER_KEYS = [
  'q',
  'state',
  'queue',
  'project',
  'author',
  'job',
  'label',
  'category',
  'from',
  'to',
] as const satisfies readonly (keyof RunFilter)[];

/** The filter that an address holds; what is empty is left out. */
export function readFilter(params: { get: (name: string) => string | null }): RunFilter {
  return Object.fromEntries(
    FILTER_KEYS.flatMap((key) => {
      const value = params.get(key)?.trim();
      return value ? [[key, value]] : [];
    }),
  );
}

/** All values of an address for a filter, `''` for what is not set, so that others are taken out. */
export const writeFilter = (filter: RunFilter): Record<string, string> =>
  Object.fromEntries(FILTER_KEYS.map((key) => [key, filter[key] ?? '']));

export const isFiltered = (filter: RunFilter): boolean => Object.keys(filter).length > 0;

/** Whether two filters ask for the same runs. */
export const sameFilter = (a: RunFilter, b: RunFilter): boolean =>
  FILTER_KEYS.every((key) => (a[key] ?? '') === (b[key] ?? ''));
