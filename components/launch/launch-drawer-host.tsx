'use client';
import dynamic from 'next/dynamic';
import { usePathname, useSearchParams } from 'next/navigation';

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
      key={`${entity}/${queue}/${search.get('from') ?? ''}`}
      initialEntity={entity}
      initialQueue={queue}
      from={search.get('from') ?? undefined}
    />
  );
}

/** On the page of a queue, that queue. */
function queueOfPath(pathname: string): string | undefined {
  const name = /^\/[^/]+\/queues\/([^/]+)/.exec(pathname)?.[1];
  return name === undefined || name === 'new' ? undefined : decodeURIComponent(name);
}
