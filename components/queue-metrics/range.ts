/** Ranges that are offered by name; the name stands in the address. */
export const RANGES = {
  '1h': 3_600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
  '90d': 7_776_000,
} as const;
export type RangeName = keyof typeof RANGES;
export const DEFAULT_RANGE: RangeName = '24h';

export interface TimeRange {
  /** Undefined where it was chosen by hand. */
  name: RangeName | undefined;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

/** A named range ends with the current minute, so that it is the same question until the next one. */
const MINUTE = 60_000;

/** The range of an address: `range=7d`, or `from` and `to` as times; anything else is the last day. */
export function readRange(params: { range: string; from: string; to: string }, now: number): TimeRange {
  const from = Date.parse(params.from);
  const to = Date.parse(params.to);
  if (to > from) return { name: undefined, from, to };
  const name = params.range in RANGES ? (params.range as RangeName) : DEFAULT_RANGE;
  const end = Math.ceil(now / MINUTE) * MINUTE;
  return { name, from: end - RANGES[name] * 1000, to: end };
}

/** What the address says of a range by hand; whole seconds. */
export function writeRange(from: number, to: number): { range: string; from: string; to: string } {
  const [low, high] = from < to ? [from, to] : [to, from];
  const text = (at: number) => new Date(Math.round(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  return { range: '', from: text(low), to: text(Math.max(high, low + MINUTE)) };
}

const pad = (value: number) => String(value).padStart(2, '0');

/** A mark of the time axis: the clock within two days, else the day. */
export function formatTick(at: number, spanMs: number): string {
  const date = new Date(at);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  if (spanMs <= 26 * 3_600_000) return clock;
  return spanMs <= 8 * 86_400_000 ? `${day.slice(5)} ${clock}` : day.slice(5);
}
