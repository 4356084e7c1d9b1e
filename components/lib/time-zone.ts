import { useSyncExternalStore } from 'react';

/** `''`: that of the browser. Else a name of the IANA database, or `UTC`. */
export type TimeZone = string;

const KEY = 'slipway:time-zone';
let zone: TimeZone | undefined;
const listeners = new Set<() => void>();

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The zone in which absolute times are shown; kept in this browser. */
export function timeZone(): TimeZone {
  if (zone !== undefined || typeof window === 'undefined') return zone ?? '';
  try {
    const stored = window.localStorage.getItem(KEY) ?? '';
    zone = stored !== '' && isKnown(stored) ? stored : '';
  } catch {
    zone = '';
  }
  return zone;
}

export function setTimeZone(next: TimeZone): void {
  zone = next;
  try {
    if (next === '') window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, next);
  } catch {
    // Private windows may have no storage: it then holds for this page.
  }
  for (const listener of listeners) listener();
}

/** The same for components, which are shown anew when it changes. */
export const useTimeZone = (): TimeZone =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    timeZone,
    () => '',
  );

/** What stands behind a time: `local`, `UTC`, `Europe/Berlin`. */
export const zoneLabel = (name: TimeZone): string => (name === '' ? 'local' : name);
