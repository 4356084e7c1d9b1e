'use client';
import { useMemo } from 'react';
import { useNow } from '../lib/clock';
import { formatLocal } from '../lib/format';
import { setTimeZone, useTimeZone } from '../lib/time-zone';
import { Combobox, type ComboboxOption } from '../ui/combobox';

const BROWSER = 'browser';

/** The zone for exact times, with what it is o'clock there. */
export function TimeZoneSelect() {
  const zone = useTimeZone();
  const now = useNow();
  const options = useMemo<ComboboxOption[]>(() => {
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    return [
      { value: BROWSER, label: `As this browser (${own})`, keywords: ['local', own] },
      { value: 'UTC' },
      ...Intl.supportedValuesOf('timeZone')
        .filter((name) => name !== 'UTC')
        .map((name) => ({ value: name, keywords: name.split(/[/_]/) })),
    ];
  }, []);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Combobox
        aria-label="Time zone"
        className="w-80 max-w-full"
        value={zone === '' ? BROWSER : zone}
        onValueChange={(value) => setTimeZone(value === BROWSER ? '' : value)}
        options={options}
        searchPlaceholder="City or region…"
      />
      <span className="text-sm text-muted tabular-nums" suppressHydrationWarning>
        {formatLocal(now, zone)}
      </span>
    </div>
  );
}
