import { setSearchParams, useSearchParam } from '../lib/search-param';

/** What the list and the exported file are narrowed to; all of it stands in the address. `''`: not at all. */
export interface AuditFilters {
  action: string;
  actor: string;
  target: string;
  /** RFC 3339; from this moment on. */
  from: string;
}

/** Lengths of time to look back over, in hours. */
export const RANGES = [
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
  { value: '720', label: 'Last 30 days' },
] as const;

/** Groups of actions; a single action is chosen by a click on it in the list. */
export const ACTION_GROUPS = [
  { value: 'queue', label: 'Queues' },
  { value: 'secret', label: 'Secrets' },
  { value: 'agent', label: 'Agents' },
  { value: 'agent-token', label: 'Agent tokens' },
  { value: 'member', label: 'Members' },
  { value: 'job', label: 'Jobs' },
  { value: 'run', label: 'Runs' },
  { value: 'team', label: 'Team' },
] as const;

export interface AuditFilterState extends AuditFilters {
  /** Hours to look back, as the address has it. */
  range: string;
  some: boolean;
  set: (values: Partial<Record<'action' | 'actor' | 'target' | 'range', string>>) => void;
  clear: () => void;
}

/** @param now milliseconds since 1970; ranges begin at a full minute, so that the same question has the same answer for a while */
export function useAuditFilters(now: number): AuditFilterState {
  const [action] = useSearchParam('action');
  const [actor] = useSearchParam('actor');
  const [target] = useSearchParam('target');
  const [range] = useSearchParam('range');
  return {
    action,
    actor,
    target,
    range,
    from: startOf(range, now),
    some: [action, actor, target, range].some((value) => value !== ''),
    set: (values) => setSearchParams(values),
    clear: () => setSearchParams({ action: '', actor: '', target: '', range: '' }),
  };
}

/** Begin of a range; `''` for one that is none of ours. */
export function startOf(range: string, now: number): string {
  if (!RANGES.some(({ value }) => value === range)) return '';
  const minute = Math.floor(now / 60_000) * 60_000;
  return new Date(minute - Number(range) * 3_600_000).toISOString();
}
