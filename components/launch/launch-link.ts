'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { setSearchParams } from '../lib/search-param';

export interface LaunchTarget {
  entity?: string;
  queue?: string | undefined;
  /** Run whose launch fills the form. */
  from?: string;
  /** Fills the form at once. */
  image?: string;
  /** `name` or `name:v3`. */
  job?: string;
  entrypoint?: string;
}

/** What of the address belongs to the drawer. */
const OWN = ['launch', 'entity', 'from', 'image', 'job', 'entrypoint'];

/** Address of the page as it is with the launch drawer open; the drawer's state is in the address, so that Back closes it. */
export function useLaunchHref(): (target: LaunchTarget) => string {
  const pathname = usePathname();
  const search = useSearchParams();
  return (target) => {
    const params = new URLSearchParams(search);
    params.set('launch', '1');
    for (const key of ['entity', 'queue', 'from', 'image', 'job', 'entrypoint'] as const) {
      const value = target[key];
      if (value !== undefined) params.set(key, value);
      // The list of runs filters by "queue" too: its filter stays, and is what the drawer begins with.
      else if (key !== 'queue') params.delete(key);
    }
    return `${pathname}?${params.toString()}`;
  };
}

/** Opens the drawer anew with the inputs of a run, on the queue that is chosen. */
export const launchedFrom = (from: string, entity: string, queue: string): void =>
  setSearchParams({ from, entity, queue, image: '', job: '', entrypoint: '' });

/** The address without the drawer. */
export function withoutLaunch(pathname: string, search: URLSearchParams): string {
  const params = new URLSearchParams(search);
  for (const key of [...params.keys()]) if (OWN.includes(key) || key.startsWith('v.')) params.delete(key);
  if (!pathname.endsWith('/runs')) params.delete('queue');
  const text = params.toString();
  return text === '' ? pathname : `${pathname}?${text}`;
}
