import Link from 'next/link';
import type { Job } from '@/core/wire';
import { StateBadge } from '../ui/state-badge';

/** Where it ran last, as a link to the run; a dash where it never did. */
export function LastRun({ run }: { run: Job['lastRun'] }) {
  if (run === null) return <span className="text-faint">never</span>;
  return (
    <Link
      href={`/runs/${run.id}`}
      title={`${run.name} on ${run.queue}`}
      aria-label={`Last run: ${run.name} on ${run.queue}, ${run.state}`}
      className="relative z-10 inline-flex rounded hover:underline"
    >
      <StateBadge state={run.state} />
    </Link>
  );
}
