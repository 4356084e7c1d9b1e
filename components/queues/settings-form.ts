import { checkAllowList } from '@/core/templates';
import type { FailureCategory, Queue, UpdateQueue } from '@/core/wire';

/** The settings as they are typed. */
export interface SettingsForm {
  description: string;
  prioritized: boolean;
  maxInFlight: string;
  startTimeoutSeconds: string;
  stopGraceSeconds: string;
  retryLimit: string;
  backoffSeconds: string;
  maxBackoffSeconds: string;
  categories: FailureCategory[];
  exitCodes: string;
  overrideAllow: string;
}

export const toSettingsForm = (queue: Queue): SettingsForm => ({
  description: queue.description,
  prioritized: queue.prioritized,
  maxInFlight: queue.maxInFlight === null ? '' : String(queue.maxInFlight),
  startTimeoutSeconds: String(queue.startTimeoutSeconds),
  stopGraceSeconds: queue.stopGraceSeconds === null ? '' : String(queue.stopGraceSeconds),
  retryLimit: String(queue.retryPolicy.limit),
  backoffSeconds: String(queue.retryPolicy.backoffSeconds),
  maxBackoffSeconds: String(queue.retryPolicy.maxBackoffSeconds),
  categories: queue.retryPolicy.categories,
  exitCodes: queue.retryPolicy.exitCodes.join(', '),
  overrideAllow: queue.overrideAllow.join('\n'),
});

export interface SettingsResult {
  settings: UpdateQueue;
  /** By path of the interface. Ranges are the server's to judge; here only what is no number. */
  errors: Record<string, string>;
}

export function readSettings(form: SettingsForm): SettingsResult {
  const errors: Record<string, string> = {};
  const number = (path: string, text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) errors[path] = 'A number is needed.';
    return value;
  };
  const optional = (path: string, text: string): number | null =>
    text.trim() === '' ? null : number(path, text);
  const exitCodes = split(form.exitCodes, /[\s,]+/).map((code) => number('retryPolicy.exitCodes', code));
  const overrideAllow = split(form.overrideAllow, /\n/);
  const [badPath] = checkAllowList(overrideAllow);
  if (badPath !== undefined)
    errors.overrideAllow = `${JSON.stringify(overrideAllow[Number(badPath.path.split('.')[1])])} ${badPath.message}`;
  const settings: UpdateQueue = {
    description: form.description,
    prioritized: form.prioritized,
    maxInFlight: optional('maxInFlight', form.maxInFlight),
    startTimeoutSeconds: number('startTimeoutSeconds', form.startTimeoutSeconds),
    stopGraceSeconds: optional('stopGraceSeconds', form.stopGraceSeconds),
    retryPolicy: {
      limit: number('retryPolicy.limit', form.retryLimit),
      categories: form.categories,
      exitCodes,
      backoffSeconds: number('retryPolicy.backoffSeconds', form.backoffSeconds),
      maxBackoffSeconds: number('retryPolicy.maxBackoffSeconds', form.maxBackoffSeconds),
    },
    overrideAllow,
  };
  return { settings, errors };
}

const split = (text: string, by: RegExp): string[] =>
  text
    .split(by)
    .map((each) => each.trim())
    .filter((each) => each !== '');
