import { useSyncExternalStore } from 'react';
import type { ExternalToast } from 'sonner';
import { toProblem } from '../lib/api';

type Show = (title: string, options?: ExternalToast) => void;

// The library behind toasts and the place where they appear are loaded with the first one, so that no page's first load pays for them.
let wanted = false;
let onWanted: (() => void) | undefined;
let markReady: () => void;
const ready = new Promise<void>((resolve) => {
  markReady = resolve;
});

/** Whether a toast was shown yet; the root layout then renders the `Toaster`. */
export const useToastsWanted = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      onWanted = listener;
      return () => (onWanted = undefined);
    },
    () => wanted,
    () => false,
  );
/** Said by the `Toaster` when it listens. */
export const toasterIsReady = (): void => markReady();

const show =
  (kind: 'success' | 'error' | 'info' | 'warning'): Show =>
  (title, options) => {
    wanted = true;
    onWanted?.();
    void Promise.all([import('sonner'), ready]).then(([{ toast: sonner }]) => sonner[kind](title, options));
  };

/** A message that goes away by itself. */
export const toast = {
  success: show('success'),
  error: show('error'),
  info: show('info'),
  warning: show('warning'),
};

/** Says that something was refused or failed, with the reason. For what belongs to a field or a card, show it there instead. */
export function toastProblem(error: unknown): void {
  const { title, detail, requestId } = toProblem(error);
  const description = [detail, requestId === undefined ? undefined : `Request ${requestId}`]
    .filter(Boolean)
    .join(' · ');
  toast.error(title, { description: description === '' ? undefined : description, duration: 10_000 });
}
