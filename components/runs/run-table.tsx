'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { isFinal } from '@/core/run-state';
import type { RunSummary } from '@/core/wire';
import { Badge } from '../ui/badge';
import { Checkbox } from '../ui/checkbox';
import { StateBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { Duration, RelativeTime } from '../ui/time';

export interface RunTableProps {
  label: string;
  runs: readonly RunSummary[];
  /** Leaves out what the page around says already. */
  hideQueue?: boolean;
  /** Shows position and reason instead of times. */
  waiting?: boolean;
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void };
}

/** Runs in rows: cards on a phone. */
export function RunTable({ label, runs, hideQueue = false, waiting = false, selection }: RunTableProps) {
  const all =
    selection !== undefined && runs.length > 0 && runs.every((run) => selection.selected.has(run.id));
  const some = selection !== undefined && runs.some((run) => selection.selected.has(run.id));
  const toggle = (ids: string[], on: boolean) => {
    if (!selection) return;
    const next = new Set(selection.selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    selection.onChange(next);
  };
  return (
    <Table label={label}>
      <TableHead>
        {selection && (
          <Th className="w-8">
            <Checkbox
              aria-label={`Select all of ${label}`}
              checked={all ? true : some ? 'indeterminate' : false}
              onCheckedChange={(on) =>
                toggle(
                  runs.map((run) => run.id),
                  on === true,
                )
              }
            />
          </Th>
        )}
        {waiting && <Th numeric>#</Th>}
        <Th>Run</Th>
        <Th>State</Th>
        {!hideQueue && <Th>Queue</Th>}
        {waiting ? <Th>Why it waits</Th> : <Th>Job or image</Th>}
        <Th>Author</Th>
        <Th>Created</Th>
        {!waiting && <Th numeric>Ran for</Th>}
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <Tr key={run.id} selected={selection?.selected.has(run.id) ?? false}>
            {selection && (
              <Td className="relative z-10">
                <Checkbox
                  aria-label={`Select ${run.name}`}
                  checked={selection.selected.has(run.id)}
                  onCheckedChange={(on) => toggle([run.id], on === true)}
                />
              </Td>
            )}
            {waiting && (
              <Td label="Position" numeric>
                {run.waiting?.position ?? '–'}
              </Td>
            )}
            <Td>
              <Link href={`/runs/${run.id}`} className={rowLink}>
                {run.name}
              </Link>
              <span className="ml-2 font-mono text-xs text-faint">{run.id}</span>
            </Td>
            <Td label="State">
              <span className="inline-flex items-center gap-1.5">
                <StateBadge state={run.state} stopping={run.stopping} />
                {run.priority !== null && run.priority !== 'medium' && (
                  <Badge tone={run.priority === 'critical' ? 'danger' : 'neutral'}>{run.priority}</Badge>
                )}
              </span>
            </Td>
            {!hideQueue && <Td label="Queue">{run.queueDeleted ? `${run.queue} (deleted)` : run.queue}</Td>}
            <Td label={waiting ? 'Why it waits' : 'Job or image'} className="max-w-72">
              <span className="block truncate text-muted" title={detail(run, waiting)}>
                {detail(run, waiting)}
              </span>
            </Td>
            <Td label="Author" className="text-muted">
              {run.author}
            </Td>
            <Td label="Created" className="text-muted">
              <Above>
                <RelativeTime at={run.createdAt} />
              </Above>
            </Td>
            {!waiting && (
              <Td label="Ran for" numeric className="text-muted">
                {run.startedAt === null ? (
                  '–'
                ) : (
                  <Duration from={run.startedAt} to={isFinal(run.state) ? run.endedAt : null} />
                )}
              </Td>
            )}
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

/** Keeps hover and focus of a time above the link that covers the row. */
const Above = ({ children }: { children: ReactNode }) => <span className="relative z-10">{children}</span>;

function detail(run: RunSummary, waiting: boolean): string {
  if (waiting) return run.waiting?.message ?? '';
  if (run.job !== null) return `${run.job.name}:v${run.job.version}`;
  return run.image ?? 'command';
}
