'use client';
import { formatDuration, formatLocal, formatRelative, formatUtc } from '../lib/format';
import { useNow } from '../lib/clock';
import { useTimeZone, zoneLabel } from '../lib/time-zone';
import { Tooltip } from './tooltip';

/** `6 min ago`, ticking by the server's clock; the exact time in the chosen zone and UTC on hover or focus. */
export function RelativeTime({
  at,
  className,
  prefix = '',
}: {
  at: string;
  className?: string;
  prefix?: string;
}) {
  const now = useNow();
  const time = Date.parse(at);
  return (
    <Tooltip content={<ExactTime time={time} />}>
      <time
        dateTime={at}
        tabIndex={0}
        className={className ?? 'whitespace-nowrap tabular-nums'}
        suppressHydrationWarning
      >
        {prefix}
        {formatRelative(time, now)}
      </time>
    </Tooltip>
  );
}

/** Worked out only while it is shown: a list has hundreds of times. */
function ExactTime({ time }: { time: number }) {
  const zone = useTimeZone();
  return (
    <span className="block tabular-nums">
      {formatLocal(time, zone)} {zoneLabel(zone)}
      <br />
      {formatUtc(time)}
    </span>
  );
}

/** Length from `from` to `to`, or to now while `to` is null. */
export function Duration({
  from,
  to = null,
  className,
}: {
  from: string;
  to?: string | null;
  className?: string;
}) {
  const now = useNow(to === null);
  const seconds = ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000;
  return (
    <span className={className ?? 'whitespace-nowrap tabular-nums'} suppressHydrationWarning>
      {formatDuration(seconds)}
    </span>
  );
}
