'use client';
import { useQuery } from '@tanstack/react-query';
import { Plus, Rocket } from 'lucide-react';
import Link from 'next/link';
import type { Job } from '@/core/wire';
import { plural } from '../lib/format';
import { useLive } from '../lib/live';
import { useSearchParam } from '../lib/search-param';
import { useLaunchHref } from '../launch/launch-link';
import { useRole } from '../queues/use-role';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { PageHeader } from '../ui/page-header';
import { QueryView } from '../ui/query-view';
import { PageSkeleton } from '../ui/skeleton';
import { Tabs } from '../ui/tabs';
import { RelativeTime } from '../ui/time';
import { InputsTab } from './inputs-tab';
import { JobDialog } from './job-dialog';
import { JobRunsTab } from './job-runs-tab';
import { JOB_TABS, type JobTab } from './job-tabs';
import { jobQueries } from './queries';
import { SourceBadge } from './source';
import { SourceTab } from './source-tab';
import { VersionsTab } from './versions-tab';

const LABELS: Record<JobTab, string> = {
  versions: 'Versions',
  inputs: 'Inputs',
  runs: 'Runs',
  source: 'Source',
};

/** Everything about one job; which tab is open is in the path. */
export function JobPage({ entity, job: name, tab }: { entity: string; job: string; tab: JobTab }) {
  useLive([`entity:${entity}`]);
  const job = useQuery(jobQueries.one(entity, name));
  return (
    <QueryView query={job} skeleton={<PageSkeleton label="Loading the job" />} errorClassName="mb-4">
      {(data) => <LoadedJob job={data} tab={tab} />}
    </QueryView>
  );
}

function LoadedJob({ job, tab }: { job: Job; tab: JobTab }) {
  const base = `/${encodeURIComponent(job.entity)}/jobs/${encodeURIComponent(job.name)}`;
  const launchHref = useLaunchHref();
  const { mayLaunch } = useRole(job.entity);
  const [add, setAdd] = useSearchParam('add');
  return (
    <>
      <PageHeader
        title={job.name}
        badges={
          <>
            <SourceBadge source={job.latest.source} />
            <Badge>v{job.latest.version}</Badge>
          </>
        }
        description={
          <>
            <p>
              {plural(job.versions, 'version')}, the latest <RelativeTime at={job.latest.createdAt} /> by{' '}
              {job.latest.author}; {plural(job.recentRuns, 'run')} in 30 days.
            </p>
            {job.description !== '' && <p className="mt-1 whitespace-pre-line">{job.description}</p>}
          </>
        }
        actions={
          mayLaunch && (
            <>
              <Button onClick={() => setAdd('1', 'push')}>
                <Plus aria-hidden /> New version
              </Button>
              <Button asChild variant="primary">
                <Link href={launchHref({ entity: job.entity, job: job.name })} scroll={false}>
                  <Rocket aria-hidden /> Launch
                </Link>
              </Button>
            </>
          )
        }
      />
      <Tabs
        label="Parts of the job"
        className="mb-4"
        items={JOB_TABS.map((each) => ({
          href: each === 'versions' ? base : `${base}/${each}`,
          label: LABELS[each],
          count: each === 'versions' ? job.versions : undefined,
          active: tab === each,
        }))}
      />
      {tab === 'versions' && <VersionsTab job={job} mayLaunch={mayLaunch} />}
      {tab === 'inputs' && <InputsTab version={job.latest} />}
      {tab === 'runs' && <JobRunsTab job={job} />}
      {tab === 'source' && <SourceTab version={job.latest} />}
      {add === '1' && mayLaunch && <JobDialog entity={job.entity} job={job} onClose={() => setAdd('')} />}
    </>
  );
}
