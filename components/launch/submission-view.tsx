'use client';
import { useMemo, useState } from 'react';
import { ORIGINS, type Origin, type Submission } from '@/core/wire';
import { cn } from '../lib/cn';
import { Button } from '../ui/button';
import { CodeBlock } from '../ui/code-block';
import { submissionSpans } from './submission-spans';

/** How each origin is told apart: a colour and a line under the text, and words in the legend. */
const LOOK: Record<Origin, { label: string; className: string }> = {
  queue: { label: 'Queue configuration', className: 'decoration-control text-ink' },
  template: {
    label: 'Template value',
    className: 'bg-violet-soft text-violet decoration-violet decoration-dotted',
  },
  override: { label: 'Override', className: 'bg-warn-soft text-warn decoration-warn decoration-double' },
  launch: { label: 'This launch', className: 'bg-accent-soft text-accent-ink decoration-accent' },
  macro: { label: 'Macro', className: 'bg-info-soft text-info decoration-info decoration-wavy' },
  default: { label: 'Filled in by Slipway', className: 'text-muted decoration-line-strong' },
};
const TITLES: Record<Submission['kind'], string> = {
  'docker-run': 'docker run command',
  process: 'Process',
  kubernetes: 'Kubernetes manifest',
  sagemaker: 'CreateTrainingJob request',
  vertex: 'Vertex CustomJob',
};
/** Pieces of a document that are drawn at first: some hundred lines. */
const MAX_SPANS = 1500;
export const submissionTitle = (submission: Submission): string => TITLES[submission.kind];

/** Exactly what is or would be submitted, each part tinted by where it comes from. */
export function SubmissionView({ submission, className }: { submission: Submission; className?: string }) {
  const spans = useMemo(() => submissionSpans(submission), [submission]);
  const [whole, setWhole] = useState(false);
  const shown = whole ? spans : spans.slice(0, MAX_SPANS);
  const used = ORIGINS.filter((origin) => spans.some((span) => span.origin === origin));
  return (
    <div className={cn('flex min-w-0 flex-col gap-2', className)}>
      <CodeBlock
        code={spans.map((span) => span.text).join('')}
        label={`Copy the ${TITLES[submission.kind]}`}
        wrap
      >
        {shown.map((span, index) =>
          span.origin === undefined ? (
            span.text
          ) : (
            <span
              key={index}
              title={LOOK[span.origin].label}
              className={cn(
                'rounded-[3px]',
                span.origin !== 'queue' && span.origin !== 'default' && 'underline underline-offset-3',
                LOOK[span.origin].className,
              )}
            >
              {span.text}
            </span>
          ),
        )}
      </CodeBlock>
      {shown.length < spans.length && (
        <p className="flex flex-wrap items-center gap-2 text-xs text-muted">
          This is the beginning of a long document; Copy takes all of it.
          <Button size="sm" variant="ghost" onClick={() => setWhole(true)}>
            Show all
          </Button>
        </p>
      )}
      {used.length > 0 && (
        <ul aria-label="Origins" className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
          {used.map((origin) => (
            <li key={origin} className="flex items-center gap-1.5">
              <span
                className={cn(
                  'rounded-[3px] px-1 font-mono underline underline-offset-3',
                  LOOK[origin].className,
                )}
              >
                abc
              </span>
              <span className="text-muted">{LOOK[origin].label}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
