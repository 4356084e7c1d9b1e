import { useSyncExternalStore } from 'react';

/** How far the server's clock is ahead of this computer's, milliseconds. Kept from the `Date` header of answers. */
let offsetMs = 0;

/** Notes the server's time. The header has whole seconds, so a difference below two seconds is noise. */
export function observeServerDate(header: string | null): void {
  const at = header === null ? NaN : Date.parse(header);
  if (Number.isNaN(at)) return;
  const difference = at - Date.now();
  offsetMs = Math.abs(difference) < 2000 ? 0 : difference;
}

/** Now by the server's clock, milliseconds since 1970. */
export const serverNow = (): number => Date.now() + offsetMs;

let second = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  second = Math.floor(serverNow() / 1000);
  timer ??= setInterval(() => {
    second = Math.floor(serverNow() / 1000);
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
const noSubscription = () => () => undefined;
const snapshot = () => second || Math.floor(serverNow() / 1000);

/**
 * The server's time in milliseconds, renewed each second by one timer that all components share and that ends with the last of them.
 * @param active false: the value stays as it is
 */
export function useNow(active = true): number {
  return useSyncExternalStore(active ? subscribe : noSubscription, snapshot, snapshot) * 1000;
}
