'use client';
import { Rocket } from 'lucide-react';
import Link from 'next/link';
import type { Job } from '@/core/wire';
import { formatCount } from '../lib/format';
import { useLaunchHref } from '../launch/launch-link';
import { Button } from '../ui/button';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { LastRun } from './last-run';
import { SourceBadge, sourceLine } from './source';

/** Jobs in rows: what they are made of, how they did last, and a button to launch. */
export function JobTable({ jobs, mayLaunch }: { jobs: readonly Job[]; mayLaunch: boolean }) {
  const launchHref = useLaunchHref();
  return (
    <Table label="Jobs">
      <TableHead>
        <Th>Job</Th>
        <Th>Source</Th>
        <Th>Latest</Th>
        <Th>Last run</Th>
        <Th numeric>Runs, 30 days</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {jobs.map((job) => (
          <Tr key={job.id}>
            <Td className="max-w-96 py-2">
              <Link
                href={`/${encodeURIComponent(job.entity)}/jobs/${encodeURIComponent(job.name)}`}
                className={`${rowLink} block truncate`}
              >
                {job.name}
              </Link>
              <span
                className="block truncate font-mono text-xs text-muted"
                title={sourceLine(job.latest.source)}
              >
                {sourceLine(job.latest.source)}
              </span>
            </Td>
            <Td label="Source">
              <SourceBadge source={job.latest.source} />
            </Td>
            <Td label="Latest">
              v{job.latest.version}{' '}
              <span className="relative z-10 text-muted">
                <RelativeTime at={job.latest.createdAt} />
              </span>
            </Td>
            <Td label="Last run">
              <LastRun run={job.lastRun} />
            </Td>
            <Td label="Runs, 30 days" numeric>
              {formatCount(job.recentRuns)}
            </Td>
            <Td className="text-right">
              {mayLaunch && (
                <Button asChild size="sm" className="relative z-10">
                  <Link
                    href={launchHref({ entity: job.entity, job: job.name })}
                    scroll={false}
                    aria-label={`Launch ${job.name}`}
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
