export const QUEUE_TABS = ['runs', 'agents', 'config', 'metrics', 'settings'] as const;
export type QueueTab = (typeof QUEUE_TABS)[number];

/** The tab that the rest of a path names; `runs` when there is none, undefined for anything else. */
export function queueTab(rest: readonly string[] | undefined): QueueTab | undefined {
  if (rest === undefined || rest.length === 0) return 'runs';
  return rest.length === 1 ? QUEUE_TABS.find((tab) => tab === rest[0]) : undefined;
}
