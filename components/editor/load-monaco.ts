import type { monaco } from './monaco-runtime';

export type Monaco = typeof monaco;
let loading: Promise<Monaco> | undefined;

/** Loads the editor once; a failed load (a network that broke off, a new release on the server) is tried again by the next caller. */
export function loadMonaco(): Promise<Monaco> {
  loading ??= import('./monaco-runtime').then(
    (runtime) => runtime.monaco,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
