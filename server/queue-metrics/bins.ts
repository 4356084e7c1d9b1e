/**
 * Waiting times by logarithmic bins: they can be added up over hours, which percentiles cannot. Each bin is a quarter wider than the one
 * before it, and within a bin times are taken as evenly spread, so that a percentile is right to about a tenth.
 */
const GROWTH = 1.25;

/** The bin of a wait, as an expression of SQL over seconds. */
export const binSql = (seconds: string): string =>
  `least(200, floor(ln(1 + greatest(0, ${seconds})) / ln(${GROWTH})))::smallint`;

const lowerBound = (bin: number): number => GROWTH ** bin - 1;

/** Counts by bin. */
export type Bins = Map<number, number>;

export function addBin(bins: Bins, bin: number, runs: number): void {
  bins.set(bin, (bins.get(bin) ?? 0) + runs);
}

/** Seconds under which a share of the runs had waited; null of none. */
export function percentileOf(bins: Bins, share: number): number | null {
  const total = [...bins.values()].reduce((sum, runs) => sum + runs, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [bin, runs] of [...bins].sort(([a], [b]) => a - b)) {
    const wanted = share * total;
    if (before + runs >= wanted) {
      const inside = (wanted - before) / runs;
      return lowerBound(bin) + inside * (lowerBound(bin + 1) - lowerBound(bin));
    }
    before += runs;
  }
  return null;
}
