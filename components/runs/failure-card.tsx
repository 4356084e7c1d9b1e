'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleX } from 'lucide-react';
import type { Run } from '@/core/wire';
import { CopyButton } from '../ui/copy-button';
import { explainFailure, phaseInWords } from './failure-advice';
import { stripAnsi } from '@/core/ansi';
import { readLogLines } from './log/use-log';

const TAIL_LINES = 20;

/** Why a run failed: what happened, in which phase, the last lines, what to do. */
export function FailureCard({ run }: { run: Run }) {
  const tail = useQuery({
    queryKey: ['log', run.id, 'tail', run.log.bytes],
    queryFn: async ({ signal }) => {
      const { lines } = await readLogLines(run.id, { limit: TAIL_LINES }, signal);
      return lines.map((line) => stripAnsi(line.text));
    },
    enabled: run.state === 'failed' && run.log.bytes > 0,
    staleTime: Infinity,
  });
  if (run.state !== 'failed' || run.failure === null) return null;
  const { phase, category, message, exitCode } = run.failure;
  const { title, advice } = explainFailure(category);
  const report = () =>
    [
      `Run ${run.id} (${run.name}) of ${run.entity}/${run.queue} v${run.queueVersion} failed ${phaseInWords(phase)}: ${category}`,
      message,
      exitCode === null ? '' : `Exit code ${exitCode}`,
      '',
      ...(tail.data ?? []),
    ].join('\n');
  return (
    <section
      aria-label="Failure"
      data-testid="failure-card"
      className="rounded-lg border border-danger/35 bg-danger-soft"
    >
      <header className="flex items-start gap-3 px-4 pt-4">
        <CircleX className="mt-0.5 size-5 shrink-0 text-danger" aria-hidden />
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">
            {title} <span className="font-normal text-muted">{phaseInWords(phase)}</span>
          </h2>
          <p className="mt-1 text-sm break-words whitespace-pre-line">{message}</p>
          <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-xs">
            <Fact name="Phase" value={phase} />
            <Fact name="Category" value={category} />
            {exitCode !== null && <Fact name="Exit code" value={String(exitCode)} />}
          </dl>
        </div>
        <CopyButton text={report} label="Copy report" showLabel size="sm" />
      </header>
      <p className="px-4 pt-3 pb-4 pl-12 text-sm text-muted">
        <span className="font-medium text-ink">What to do: </span>
        {advice}
      </p>
      {tail.data !== undefined && tail.data.length > 0 && (
        <pre
          ref={scrollToEnd}
          tabIndex={0}
          role="region"
          aria-label={`Last ${TAIL_LINES} lines of the log`}
          className="max-h-60 overflow-auto rounded-b-lg border-t border-danger/25 bg-surface p-3 font-mono text-xs leading-5"
        >
          {tail.data.join('\n')}
        </pre>
      )}
    </section>
  );
}

/** The last line is the one that says why. */
function scrollToEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="font-mono">{value}</dd>
    </div>
  );
}
