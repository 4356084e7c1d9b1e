import { useSyncExternalStore } from 'react';

/** Header of every answer of the interface: `VERSION+BUILD` of the server. */
const HEADER = 'slipway-build';

/** What the first answer said: this page's code came from that server. */
let first: string | undefined;
let latest: string | undefined;
/** Once there was another answer it stays so: while servers are upgraded one after the other, old ones answer in between. */
let stale = false;
const listeners = new Set<() => void>();

/** Notes what an answer says of the server. */
export function observeServerBuild(headers: Headers): void {
  const build = headers.get(HEADER);
  if (build === null || build === latest) return;
  first ??= build;
  latest = build;
  stale ||= build !== first;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Version of the server, without its build; undefined before the first answer. */
export const useServerVersion = (): string | undefined =>
  useSyncExternalStore(
    subscribe,
    () => latest?.split('+')[0],
    () => undefined,
  );

/** Whether the server was upgraded since the page was loaded: its code may not fit the interface any more. */
export const useStaleCode = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => stale,
    () => false,
  );
