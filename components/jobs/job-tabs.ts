export const JOB_TABS = ['versions', 'inputs', 'runs', 'source'] as const;
export type JobTab = (typeof JOB_TABS)[number];

/** The tab that the rest of the path names; undefined when it names none. */
export function jobTab(rest: readonly string[] | undefined): JobTab | undefined {
  const [first = 'versions', ...more] = rest ?? [];
  return more.length > 0 ? undefined : JOB_TABS.find((tab) => tab === first);
}
