'use client';
import { Server } from 'lucide-react';
import { ApiProblem } from '../lib/api';
import { Button } from '../ui/button';
import { Card, SectionCard } from '../ui/card';
import { EmptyState, NothingFound } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Notice } from '../ui/notice';
import { Skeleton, TableSkeleton } from '../ui/skeleton';
import { toast, toastProblem } from '../ui/toast';

const PROBLEM = new ApiProblem({
  title: 'The values are not accepted',
  status: 422,
  detail: 'Two of them are out of range.',
  errors: [
    { path: 'templateValues.gpus', message: 'must be at most 8' },
    { path: 'templateValues.size', message: 'must be one of small, large' },
  ],
  requestId: '0b54c1de-8f',
});
const nothing = () => undefined;

/** What a page says of itself: loading, empty, failed, done. */
export function Feedback() {
  return (
    <SectionCard title="Feedback">
      <div className="flex flex-col gap-4">
        {(['info', 'ok', 'warn', 'danger'] as const).map((tone) => (
          <Notice key={tone} tone={tone} title={`A notice, ${tone}`}>
            What is the matter, and what to do about it.
          </Notice>
        ))}
        <ErrorCard problem={PROBLEM} onRetry={nothing} />
        <ErrorCard problem={PROBLEM} compact onRetry={nothing} retrying />
        <div className="grid gap-4 lg:grid-cols-2">
          <Card>
            <EmptyState
              icon={<Server aria-hidden />}
              title="Never used"
              action={<Button variant="primary">The one thing to do</Button>}
              command="slipway launch-agent -q lab"
            >
              Why it is empty, and what comes of filling it.
            </EmptyState>
          </Card>
          <Card>
            <NothingFound what="run" onClear={nothing} />
          </Card>
        </div>
        <Card>
          <TableSkeleton rows={2} columns={4} />
        </Card>
        <Skeleton className="h-8 w-64" />
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => toast.success('Saved as version 13')}>Toast</Button>
          <Button onClick={() => toastProblem(PROBLEM)}>Toast of a refusal</Button>
        </div>
      </div>
    </SectionCard>
  );
}
