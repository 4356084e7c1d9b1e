import { useSyncExternalStore } from 'react';

let ended = false;
const listeners = new Set<(ended: boolean) => void>();

/** Called when the interface says 401 to the browser's session, and with false after signing in again. */
export function setSessionEnded(next: boolean): void {
  if (ended === next) return;
  ended = next;
  for (const listener of listeners) listener(ended);
}

/** Calls `listener` when the session has ended, and when there is one again; gives the way to stop that. */
export function onSessionEnded(listener: (ended: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    onSessionEnded,
    () => ended,
    () => false,
  );
