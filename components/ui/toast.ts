import type { ExternalToast } from 'sonner';
import { toProblem } from '../lib/api';

type Show = (title: string, options?: ExternalToast) => void;
const show =
  (kind: 'success' | 'error' | 'info' | 'warning'): Show =>
  (title, options) =>
    void import('sonner').then(({ toast: sonner }) => sonner[kind](title, options));

/** A message that goes away by itself. The library behind it is loaded with the first one, so that no page's first load pays for it. */
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
