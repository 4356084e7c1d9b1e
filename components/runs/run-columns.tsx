import type { ReactNode } from 'react';
import { isFinal } from '@/core/run-state';
import type { RunSummary } from '@/core/wire';
import { Badge } from '../ui/badge';
import { Duration, RelativeTime } from '../ui/time';
import { explainFailure } from './failure-advice';
import { StateBadge } from '../ui/state-badge';

export interface RunColumn {
  id: string;
  label: string;
  numeric?: boolean;
  /** Class of the cell. */
  className?: string;
  cell: (run: RunSummary) => ReactNode;
}

/** Keeps hover and focus of what is inside above the link that covers the row. */
const Above = ({ children }: { children: ReactNode }) => <span className="relative z-10">{children}</span>;
const Cut = ({ children }: { children: string }) => (
  <span className="block truncate text-muted max-sm:whitespace-normal" title={children}>
    {children}
  </span>
);
const Moment = ({ at }: { at: string | null }) =>
  at === null ? (
    '–'
  ) : (
    <Above>
      <RelativeTime at={at} />
    </Above>
  );

/** What a list of runs can show beside the name. */
export const RUN_COLUMNS: readonly RunColumn[] = [
  {
    id: 'state',
    label: 'State',
    cell: (run) => (
      <span className="inline-flex items-center gap-1.5">
        <StateBadge state={run.state} stopping={run.stopping} />
        {run.priority !== null && run.priority !== 'medium' && (
          <Badge tone={run.priority === 'critical' ? 'danger' : 'neutral'}>{run.priority}</Badge>
        )}
      </span>
    ),
  },
  {
    id: 'why',
    label: 'Why it waits',
    className: 'max-w-56 max-sm:col-span-2 max-sm:max-w-none xl:max-w-96',
    cell: (run) => <Cut>{run.waiting?.message ?? ''}</Cut>,
  },
  { id: 'queue', label: 'Queue', cell: (run) => (run.queueDeleted ? `${run.queue} (deleted)` : run.queue) },
  { id: 'what', label: 'Job or image', className: 'max-w-72', cell: (run) => <Cut>{whatRuns(run)}</Cut> },
  { id: 'author', label: 'Author', className: 'text-muted', cell: (run) => run.author },
  { id: 'created', label: 'Created', className: 'text-muted', cell: (run) => <Moment at={run.createdAt} /> },
  {
    id: 'ranFor',
    label: 'Ran for',
    numeric: true,
    className: 'text-muted',
    cell: (run) =>
      run.startedAt === null ? (
        '–'
      ) : (
        <Duration from={run.startedAt} to={isFinal(run.state) ? run.endedAt : null} />
      ),
  },
  { id: 'project', label: 'Project', className: 'text-muted', cell: (run) => run.project ?? '–' },
  { id: 'labels', label: 'Labels', className: 'max-w-60', cell: (run) => <Cut>{run.labels.join(', ')}</Cut> },
  { id: 'agent', label: 'Agent', className: 'text-muted', cell: (run) => run.agent?.name ?? '–' },
  { id: 'started', label: 'Started', className: 'text-muted', cell: (run) => <Moment at={run.startedAt} /> },
  { id: 'ended', label: 'Ended', className: 'text-muted', cell: (run) => <Moment at={run.endedAt} /> },
  {
    id: 'waited',
    label: 'Waited',
    numeric: true,
    className: 'text-muted',
    cell: (run) => <Duration from={run.notBefore ?? run.createdAt} to={run.leasedAt ?? run.endedAt} />,
  },
  {
    id: 'failure',
    label: 'Failure',
    className: 'max-w-80',
    cell: (run) => (
      <Cut>
        {run.failure === null ? '' : `${explainFailure(run.failure.category).title}: ${run.failure.message}`}
      </Cut>
    ),
  },
  { id: 'attempt', label: 'Attempt', numeric: true, className: 'text-muted', cell: (run) => run.attempt },
];

export const DEFAULT_COLUMNS = ['state', 'queue', 'what', 'author', 'created', 'ranFor'];
export const WAITING_COLUMNS = ['state', 'why', 'author', 'created'];

/** Columns by id, in the order of the list above; unknown ids (of a later release) are passed over. */
export const columnsOf = (ids: readonly string[]): RunColumn[] =>
  RUN_COLUMNS.filter((column) => ids.includes(column.id));

function whatRuns(run: RunSummary): string {
  if (run.job !== null) return `${run.job.name}:v${run.job.version}`;
  return run.image ?? 'command';
}
