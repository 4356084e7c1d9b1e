import { timeZone, type TimeZone } from './time-zone';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units: `45 s`, `6 min 12 s`, `6 h 40 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  if (total < MINUTE) return `${total} s`;
  const two = (value: number, unit: string, rest: number, restUnit: string) =>
    rest > 0 ? `${value} ${unit} ${rest} ${restUnit}` : `${value} ${unit}`;
  if (total < HOUR) return two(Math.floor(total / MINUTE), 'min', total % MINUTE, 's');
  if (total < DAY) return two(Math.floor(total / HOUR), 'h', Math.floor((total % HOUR) / MINUTE), 'min');
  return two(Math.floor(total / DAY), 'd', Math.floor((total % DAY) / HOUR), 'h');
}

/** `just now`, `12 s ago`, `6 min ago`, `in 3 h`, `4 d ago`. Both times in milliseconds. */
export function formatRelative(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  // What is past is told in whole units; "in 89 d" a second after "90 days" was chosen would look wrong.
  const whole = seconds > 0 ? Math.floor : Math.round;
  const [value, unit] =
    size < MINUTE
      ? [size, 's']
      : size < HOUR
        ? [whole(size / MINUTE), 'min']
        : size < DAY
          ? [whole(size / HOUR), 'h']
          : [whole(size / DAY), 'd'];
  return seconds > 0 ? `${value} ${unit} ago` : `in ${value} ${unit}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** The Swedish way to write times is the international one: `2026-08-02 14:03:09`. */
function formatIn(zone: TimeZone): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    ...(zone === '' ? {} : { timeZone: zone }),
  });
  formats.set(zone, made);
  return made;
}

/** Time in the zone that the person has chosen (else that of the browser), `2026-08-02 14:03:09`. */
export const formatLocal = (at: number | string, zone: TimeZone = timeZone()): string =>
  formatIn(zone).format(new Date(at));

/** The same moment in UTC, `2026-08-02 12:03:09 UTC`. */
export function formatUtc(at: number | string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `14:03` in the chosen zone. */
export const formatClock = (at: number | string, zone: TimeZone = timeZone()): string =>
  formatLocal(at, zone).slice(11, 16);

const integers = new Intl.NumberFormat('en-US');
/** `1,204` */
export const formatCount = (value: number): string => integers.format(value);

/** Binary units: `812 B`, `1.4 KiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 run`, `3 runs`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** What a number may be: `1 to 8`, `at least 1`; undefined without limits. */
export function formatRange(min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? undefined : `at most ${max}`;
}
