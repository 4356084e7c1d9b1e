'use client';
import dynamic from 'next/dynamic';
import { usePathname, useSearchParams } from 'next/navigation';
import type { Prefill } from './use-launch';

// The drawer's script is loaded when it is opened first, so that no page pays for it.
const LaunchDrawer = dynamic(() => import('./launch-drawer').then((module) => module.LaunchDrawer), {
  ssr: false,
});

/** Opens the launch drawer while the address says `?launch=1`. Mounted once by the shell, inside a Suspense boundary. */
export function LaunchDrawerHost() {
  const search = useSearchParams();
  const pathname = usePathname();
  if (search.get('launch') !== '1') return null;
  const first = pathname.split('/')[1] ?? '';
  const entity = search.get('entity') ?? (first === 'runs' ? '' : decodeURIComponent(first));
  const queue = search.get('queue') ?? queueOfPath(pathname) ?? '';
  return (
    <LaunchDrawer
      key={`${entity}/${queue}/${search.get('from') ?? ''}/${search.get('job') ?? ''}`}
      initialEntity={entity}
      initialQueue={queue}
      from={search.get('from') ?? undefined}
      prefill={prefillOf(search)}
    />
  );
}

/** What the address says of the form itself: `image`, `job`, `entrypoint`, and the values of variables as `v.NAME`. */
function prefillOf(search: URLSearchParams): Prefill {
  const text = (name: string) => search.get(name) ?? undefined;
  const values = [...search].flatMap(([name, value]) =>
    name.startsWith('v.') ? [[name.slice(2), value] as const] : [],
  );
  return {
    image: text('image'),
    job: text('job'),
    entrypoint: text('entrypoint'),
    values: Object.fromEntries(values),
  };
}

/** On the page of a queue, that queue. */
function queueOfPath(pathname: string): string | undefined {
  const name = /^\/[^/]+\/queues\/([^/]+)/.exec(pathname)?.[1];
  return name === undefined || name === 'new' ? undefined : decodeURIComponent(name);
}
