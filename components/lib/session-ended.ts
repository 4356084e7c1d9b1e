import { useSyncExternalStore } from 'react';

let ended = false;
const listeners = new Set<() => void>();

/** Called when the interface says 401 to the browser's session, and with false after signing in again. */
export function setSessionEnded(next: boolean): void {
  if (ended === next) return;
  ended = next;
  for (const listener of listeners) listener();
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
    () => false,
  );
