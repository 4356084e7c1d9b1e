'use client';
import { useQuery } from '@tanstack/react-query';
import { FileCode2 } from 'lucide-react';
import { useState } from 'react';
import { compareDocuments } from '@/core/run-facts';
import type { Run, RunSubmission } from '@/core/wire';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Select } from '../ui/select';
import { BlockSkeleton } from '../ui/skeleton';
import { RelativeTime } from '../ui/time';
import { SubmissionView, submissionTitle } from '../launch/submission-view';
import { Differences } from './differences';
import { runQueries } from './queries';

/** The exact document that was sent to the resource, for each attempt. */
export function SubmissionTab({ run }: { run: Run }) {
  const { data, error, refetch, isFetching } = useQuery(runQueries.submissions(run.id));
  const [chosen, setChosen] = useState<string>();
  if (error !== null && data === undefined)
    return <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (data === undefined) return <BlockSkeleton label="Loading the submission" className="h-64" />;
  const attempts = data.items.toSorted((a, b) => b.attempt - a.attempt);
  const shown = attempts.find((each) => String(each.attempt) === chosen) ?? attempts[0];
  const before = shown === undefined ? undefined : attempts.find((each) => each.attempt < shown.attempt);
  if (shown === undefined) {
    return (
      <Card>
        <EmptyState icon={<FileCode2 aria-hidden />} title="Nothing was submitted yet">
          The document appears here as soon as an agent hands the run to its resource.
        </EmptyState>
      </Card>
    );
  }
  return (
    <section className="flex flex-col gap-3" aria-label="Submission">
      <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
        <h2 className="font-semibold text-ink">{submissionTitle(shown.submission)}</h2>
        <span>
          sent <RelativeTime at={shown.createdAt} />
        </span>
        {attempts.length > 1 && (
          <Select
            size="sm"
            className="w-36"
            aria-label="Attempt"
            value={String(shown.attempt)}
            onValueChange={setChosen}
            options={attempts.map((each) => ({
              value: String(each.attempt),
              label: `Attempt ${each.attempt}`,
            }))}
          />
        )}
      </div>
      {before !== undefined && (
        <Differences
          title={`What changed since attempt ${before.attempt}`}
          rows={compareDocuments(documentOf(before), documentOf(shown))}
          equal={false}
        />
      )}
      <SubmissionView submission={shown.submission} />
    </section>
  );
}

const documentOf = ({ submission }: RunSubmission) => submission.document ?? submission.argv;
