'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useParams, usePathname } from 'next/navigation';
import { Fragment } from 'react';
import { runQueries } from '../runs/queries';
import { useCurrentEntity } from './current-entity';

interface Crumb {
  label: string;
  href?: string;
}
const PAGES: Record<string, string> = {
  queues: 'Queues',
  runs: 'Runs',
  jobs: 'Jobs',
  agents: 'Agents',
  tokens: 'Tokens & keys',
  members: 'Members',
  audit: 'Audit log',
  new: 'Create queue',
};

/** Where the page stands; the last part is the page itself. */
export function Breadcrumbs() {
  const crumbs = useCrumbs();
  return (
    <nav aria-label="Breadcrumbs" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          return (
            <Fragment key={`${index}-${crumb.label}`}>
              {index > 0 && (
                <li aria-hidden className="text-line-strong max-sm:hidden">
                  /
                </li>
              )}
              <li
                className={last ? 'min-w-0 truncate font-medium' : 'shrink-0 text-muted max-sm:hidden'}
                aria-current={last ? 'page' : undefined}
              >
                {crumb.href === undefined || last ? (
                  crumb.label
                ) : (
                  <Link href={crumb.href} className="rounded hover:text-ink hover:underline">
                    {crumb.label}
                  </Link>
                )}
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}

function useCrumbs(): Crumb[] {
  const pathname = usePathname();
  const params = useParams<{ id?: string; entity?: string }>();
  const { entity } = useCurrentEntity();
  const { data: run } = useQuery({ ...runQueries.one(params.id ?? ''), enabled: false });
  const [first, second, third] = pathname.split('/').slice(1).map(decodeURIComponent);
  if (first === 'account') return [{ label: 'Account' }];
  if (params.entity === undefined && params.id === undefined)
    return first === '' ? [] : [{ label: 'Not found' }];
  const root: Crumb[] =
    entity === undefined ? [] : [{ label: entity, href: `/${encodeURIComponent(entity)}` }];
  if (first === 'runs') {
    return [
      ...root,
      ...(entity === undefined ? [] : [{ label: 'Runs', href: `/${encodeURIComponent(entity)}/runs` }]),
      { label: run?.name ?? second ?? 'Run' },
    ];
  }
  if (second === undefined) return [...root, { label: 'Queues' }];
  const page: Crumb = {
    label: PAGES[second] ?? second,
    href: second === 'queues' ? `/${first ?? ''}` : `/${first ?? ''}/${second}`,
  };
  if (third === undefined) return [...root, page];
  return [...root, page, { label: second === 'queues' && third === 'new' ? 'Create queue' : third }];
}
