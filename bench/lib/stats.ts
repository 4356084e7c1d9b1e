/** The value at a share (0 to 1) of a list, in order; NaN of an empty one. */
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** `1234.5` as `1,235`, small values with a digit. */
export const number = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumFractionDigits: value >= 10 ? 1 : 2 });

/** Median with the lowest and the highest of several rounds. */
export const spread = (values: readonly number[]): string =>
  `${number(median(values))} (${number(Math.min(...values))} to ${number(Math.max(...values))})`;
