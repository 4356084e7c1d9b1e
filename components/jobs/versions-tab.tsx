'use client';
import { useQuery } from '@tanstack/react-query';
import { Rocket } from 'lucide-react';
import Link from 'next/link';
import type { Job, JobVersion } from '@/core/wire';
import { setSearchParams, useSearchParam } from '../lib/search-param';
import { useLaunchHref } from '../launch/launch-link';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Checkbox } from '../ui/checkbox';
import { QueryView } from '../ui/query-view';
import { TableSkeleton } from '../ui/skeleton';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { LastRun } from './last-run';
import { jobQueries } from './queries';
import { sourceLine } from './source';
import { VersionDiff } from './version-diff-card';

/** The versions of a job; two that are chosen are compared. The choice is in the address. */
export function VersionsTab({ job, mayLaunch }: { job: Job; mayLaunch: boolean }) {
  const versions = useQuery(jobQueries.versions(job.entity, job.name));
  const [compare] = useSearchParam('compare');
  const chosen = versionsOf(compare);
  const toggle = (version: number, on: boolean) => {
    // Of the address as it is: what was rendered may be a click behind.
    const now = versionsOf(new URLSearchParams(window.location.search).get('compare') ?? '');
    // A third one takes the place of the older choice.
    const next = on ? [...now, version].slice(-2) : now.filter((each) => each !== version);
    setSearchParams({ compare: next.join(',') });
  };
  return (
    <QueryView
      query={versions}
      errorClassName="mb-4"
      skeleton={
        <Card>
          <TableSkeleton rows={4} columns={6} label="Loading the versions" />
        </Card>
      }
    >
      {(items) => (
        <div className="flex flex-col gap-4">
          <Compared versions={items} chosen={chosen} />
          <Card>
            <VersionTable
              job={job}
              versions={items}
              chosen={chosen}
              onToggle={toggle}
              mayLaunch={mayLaunch}
            />
          </Card>
        </div>
      )}
    </QueryView>
  );
}

const versionsOf = (compare: string): number[] =>
  compare
    .split(',')
    .filter((each) => /^\d+$/.test(each))
    .map(Number);

function Compared({ versions, chosen }: { versions: readonly JobVersion[]; chosen: readonly number[] }) {
  const [after, before] = versions.filter(({ version }) => chosen.includes(version));
  if (before !== undefined && after !== undefined)
    return <VersionDiff before={before} after={after} onClose={() => setSearchParams({ compare: '' })} />;
  if (versions.length < 2) return null;
  return (
    <p className="text-sm text-muted" role="status">
      {after === undefined
        ? 'Choose two versions to compare them.'
        : `Choose another version to compare v${after.version} with.`}
    </p>
  );
}

function VersionTable({
  job,
  versions,
  chosen,
  onToggle,
  mayLaunch,
}: {
  job: Job;
  versions: readonly JobVersion[];
  chosen: readonly number[];
  onToggle: (version: number, on: boolean) => void;
  mayLaunch: boolean;
}) {
  const launchHref = useLaunchHref();
  return (
    <Table label="Versions">
      <TableHead>
        <Th className="w-8">
          <span className="sr-only">Compare</span>
        </Th>
        <Th>Version</Th>
        <Th>Source</Th>
        <Th>Author</Th>
        <Th>Created</Th>
        <Th>Last run</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {versions.map((each) => (
          <Tr key={each.version} selected={chosen.includes(each.version)}>
            <Td>
              <Checkbox
                aria-label={`Compare v${each.version}`}
                checked={chosen.includes(each.version)}
                onCheckedChange={(on) => onToggle(each.version, on === true)}
              />
            </Td>
            <Td label="Version">
              <span className="flex flex-wrap items-center gap-1.5">
                <span className="font-medium">v{each.version}</span>
                {each.aliases.map((alias) => (
                  <Badge key={alias} tone={alias === 'latest' ? 'accent' : 'neutral'}>
                    {alias}
                  </Badge>
                ))}
              </span>
            </Td>
            <Td label="Source" className="max-w-96">
              <span className="block truncate font-mono text-xs text-muted" title={sourceLine(each.source)}>
                {sourceLine(each.source)}
              </span>
            </Td>
            <Td label="Author" className="text-muted">
              {each.author}
            </Td>
            <Td label="Created" className="text-muted">
              <RelativeTime at={each.createdAt} />
            </Td>
            <Td label="Last run">
              <LastRun run={each.lastRun} />
            </Td>
            <Td className="text-right">
              {mayLaunch && (
                <Button asChild size="sm">
                  <Link
                    href={launchHref({ entity: job.entity, job: `${job.name}:v${each.version}` })}
                    scroll={false}
                    aria-label={`Launch v${each.version}`}
                  >
                    <Rocket aria-hidden /> Launch
                  </Link>
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}
