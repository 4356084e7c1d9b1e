/**
 * Colours for charts, as CSS variables: they follow the theme by themselves. States keep the colour that their badge has; whatever else is
 * told apart (authors, jobs, agents) takes `series(index)`, and says its name beside it.
 */
export const CHART = {
  waiting: 'var(--chart-waiting)',
  inFlight: 'var(--chart-in-flight)',
  finished: 'var(--chart-finished)',
  failed: 'var(--chart-failed)',
  stopped: 'var(--chart-stopped)',
  /** A limit or a threshold: a dashed line. */
  limit: 'var(--chart-limit)',
  grid: 'var(--line)',
  axis: 'var(--faint)',
  text: 'var(--muted)',
  surface: 'var(--raised)',
} as const;

const SERIES = 8;
/** Colour of the n-th thing, from 0; after eight they begin again. */
export const series = (index: number): string => `var(--chart-${(index % SERIES) + 1})`;
