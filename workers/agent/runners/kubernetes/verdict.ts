import type { Json, JsonObject } from '@/core/wire';
import type { KubeObject } from '../../kube/types';

/** How an object stands. `held`: its own queue (suspension, admission) has not let it in yet. */
export interface Verdict {
  phase: 'held' | 'waiting' | 'running' | 'succeeded' | 'failed';
  /** Word and sentence of the status. */
  reason: string;
  message: string;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** Annotations by which a queue says where the status of a kind stands and what its words mean. */
export const STATUS_ANNOTATIONS = {
  field: 'slipway.dev/status-field',
  succeeded: 'slipway.dev/succeeded-values',
  failed: 'slipway.dev/failed-values',
  running: 'slipway.dev/running-values',
} as const;

/** Words of the kinds that are known and of most others, in lower case without separators. */
const WORDS: Record<Exclude<Verdict['phase'], 'waiting'>, ReadonlySet<string>> = {
  succeeded: new Set(['succeeded', 'success', 'successful', 'completed', 'complete', 'finished', 'done']),
  failed: new Set([
    'failed',
    'failure',
    'error',
    'errored',
    'aborted',
    'terminated',
    'cancelled',
    'canceled',
    'killed',
    'stopped',
    'timeout',
    'timedout',
    'expired',
  ]),
  running: new Set([
    'running',
    'active',
    'executing',
    'inprogress',
    'completing',
    'restarting',
    'retrying',
    'aborting',
    'terminating',
  ]),
  held: new Set(['suspended', 'suspending', 'queued', 'inqueue']),
};
/** Where a single word for the status is found, in this order. */
const FIELDS = [
  'phase',
  'state.phase',
  'state',
  'jobDeploymentStatus',
  'jobStatus',
  'status',
  'terminalState',
  'conclusion',
];

/** How an object stands by its status: of a Job, of the kinds that are known, and of any other by general rules. */
export function verdictOf(object: KubeObject): Verdict {
  const own = byAnnotations(object);
  if (own) return own;
  const conditions = ((object.status?.['conditions'] ?? []) as unknown as Condition[]).filter(
    (one) => one.status === 'True',
  );
  const named = (phase: keyof typeof WORDS) => conditions.find(({ type }) => WORDS[phase].has(plain(type)));
  // Of a Kubeflow job that was restarted Failed is set only when it is over, so that the end comes before all else.
  for (const phase of ['failed', 'succeeded'] as const) {
    const found = named(phase);
    if (found) return { phase, reason: found.reason ?? found.type, message: found.message ?? '' };
  }
  if (isSuspended(object)) return { phase: 'held', ...why(object, named('held')) };
  const word = statusWord(object);
  const phase = word === undefined ? undefined : meaning(word);
  if (word !== undefined && phase !== undefined)
    return { phase, reason: word, message: statusMessage(object) };
  const running = named('running');
  if (running)
    return { phase: 'running', reason: running.reason ?? running.type, message: running.message ?? '' };
  return { phase: 'waiting', ...why(object, undefined) };
}

const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');

function meaning(word: string): Verdict['phase'] | undefined {
  for (const phase of ['succeeded', 'failed', 'running', 'held'] as const)
    if (WORDS[phase].has(plain(word))) return phase;
  return undefined;
}

function byAnnotations({ metadata, status }: KubeObject): Verdict | undefined {
  const of = (name: keyof typeof STATUS_ANNOTATIONS) => metadata.annotations?.[STATUS_ANNOTATIONS[name]];
  const field = of('field');
  if (field === undefined) return undefined;
  const value = at({ status: status ?? {} }, field.replace(/^\./, ''));
  const word = typeof value === 'object' || value === undefined ? '' : String(value);
  const listed = (text: string | undefined) => text?.split(',').some((item) => item.trim() === word) ?? false;
  for (const phase of ['succeeded', 'failed', 'running'] as const)
    if (listed(of(phase))) return { phase, reason: word, message: '' };
  return { phase: meaning(word) ?? 'waiting', reason: word, message: '' };
}

function isSuspended({ spec }: KubeObject): boolean {
  const policy = spec?.['runPolicy'];
  return spec?.['suspend'] === true || (typeof policy === 'object' && at(policy, 'suspend') === true);
}

function statusWord({ status = {} }: KubeObject): string | undefined {
  // A Ray job is over when its deployment is; whether well says the job's own status.
  if (plain(text(at(status, 'jobDeploymentStatus')) ?? '') === 'complete')
    return text(at(status, 'jobStatus'));
  for (const field of FIELDS) {
    const value = text(at(status, field));
    if (value !== undefined) return value;
  }
  return undefined;
}

const text = (value: Json | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);

function statusMessage({ status = {} }: KubeObject): string {
  for (const field of ['message', 'state.message', 'failedMessage', 'reason']) {
    const value = text(at(status, field));
    if (value !== undefined) return value;
  }
  return '';
}

/** What the conditions say, for a person who wonders why nothing happens. */
function why({ status }: KubeObject, found: Condition | undefined): { reason: string; message: string } {
  const all = (status?.['conditions'] ?? []) as unknown as Condition[];
  const one = found ?? all.findLast(({ message }) => Boolean(message));
  return { reason: one?.reason ?? one?.type ?? 'Suspended', message: one?.message ?? '' };
}

function at(value: Json | JsonObject, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>(
      (current, key) =>
        typeof current === 'object' && current !== null && !Array.isArray(current) ? current[key] : undefined,
      value,
    );
}
