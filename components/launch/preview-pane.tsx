'use client';
import { Eye } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Preview, Submission } from '@/core/wire';
import { ProblemList } from '../editor/problem-list';
import { cn } from '../lib/cn';
import { Badge } from '../ui/badge';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { DiffView } from './diff-view';
import { SubmissionView, submissionTitle } from './submission-view';

export interface PreviewPaneProps {
  preview: Pick<Preview, 'submission' | 'problems'> | undefined;
  error?: Error | null;
  /** Asks again after an error. */
  onRetry?: () => void;
  /** A newer answer is on its way. */
  settling?: boolean;
  /** What it can be compared with, at the right end of the heading. */
  controls?: ReactNode;
  /** Shows what is different from this text instead. */
  against?: { text: string | undefined; problem: string | undefined; label: string } | undefined;
}

/** The exact submission, live; while the form has errors, the last good one stays, marked as such. */
export function PreviewPane({
  preview,
  error = null,
  onRetry,
  settling = false,
  controls,
  against,
}: PreviewPaneProps) {
  const [good, setGood] = useState<Submission>();
  const current = preview?.submission ?? undefined;
  if (current !== undefined && current !== good) setGood(current);
  const shown = current ?? good;
  const problems = preview?.problems ?? [];
  return (
    <section aria-label="Preview" aria-busy={settling} data-testid="preview" className="flex flex-col gap-3">
      <header className="flex flex-wrap items-center gap-2">
        <h3 className="text-sm font-semibold">{shown === undefined ? 'Preview' : submissionTitle(shown)}</h3>
        {current === undefined && shown !== undefined && <Badge tone="warn">Before the last change</Badge>}
        <span
          className={cn(
            'ml-auto size-1.5 rounded-full bg-accent',
            settling ? 'animate-breathe' : 'invisible',
          )}
          aria-hidden
        />
        {shown !== undefined && controls}
      </header>
      {shown === undefined ? (
        <EmptyState
          icon={<Eye aria-hidden />}
          title="Exactly what will be submitted"
          className="rounded-lg border border-dashed border-line-strong py-8"
        >
          It appears here as soon as the form has what is needed.
        </EmptyState>
      ) : against?.text !== undefined ? (
        <DiffView before={against.text} after={shown.text} label={against.label} />
      ) : (
        <>
          {against?.problem !== undefined && <p className="text-sm text-muted">{against.problem}</p>}
          <SubmissionView submission={shown} className={cn(current === undefined && 'opacity-60')} />
        </>
      )}
      {problems.length > 0 && (
        <div className="rounded-lg border border-line bg-surface">
          <ProblemList problems={problems} label="Remarks on the submission" />
        </div>
      )}
      {error !== null && <ErrorCard problem={error} compact onRetry={onRetry} retrying={settling} />}
    </section>
  );
}
