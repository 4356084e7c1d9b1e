import { RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { toProblem } from '../lib/api';
import { cn } from '../lib/cn';
import { Button } from './button';
import { CopyButton } from './copy-button';

export interface ErrorCardProps {
  /** Whatever was thrown. */
  problem: unknown;
  onRetry?: () => void;
  retrying?: boolean;
  /** In a dialog or beside a form: less padding. */
  compact?: boolean;
  className?: string;
  children?: ReactNode;
}

/** A failure, in place: what is wrong, the details, the request's id for the administrator, Retry. */
export function ErrorCard({
  problem,
  onRetry,
  retrying = false,
  compact = false,
  className,
  children,
}: ErrorCardProps) {
  const { title, detail, errors, requestId } = toProblem(problem);
  return (
    <div
      role="alert"
      className={cn(
        'flex items-start gap-3 rounded-lg border border-danger/35 bg-danger-soft text-sm',
        compact ? 'p-3' : 'p-4',
        className,
      )}
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{title}</p>
        {detail !== undefined && detail !== title && (
          <p className="mt-0.5 break-words whitespace-pre-line text-muted">{detail}</p>
        )}
        {errors.length > 0 && (
          <ul className="mt-1.5 list-disc space-y-0.5 pl-4 text-muted">
            {errors.map((error, index) => (
              <li key={index} className="break-words">
                {error.path !== '' && <code className="font-mono text-xs text-ink">{error.path}</code>}{' '}
                {error.message}
              </li>
            ))}
          </ul>
        )}
        {children}
        {requestId !== undefined && (
          <p className="mt-1.5 flex items-center gap-1 text-xs text-muted">
            Request <code className="font-mono">{requestId}</code>
            <CopyButton text={requestId} label="Copy request id" size="sm" />
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="sm" onClick={onRetry} loading={retrying}>
          <RotateCw aria-hidden /> Retry
        </Button>
      )}
    </div>
  );
}
