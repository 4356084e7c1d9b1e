'use client';
import { ErrorCard } from '../ui/error-card';

/** A fault of the page itself. After an upgrade an open tab may miss its scripts, so loading anew is offered too. */
export function ErrorView({ error, onRetry }: { error: Error & { digest?: string }; onRetry: () => void }) {
  const stale =
    error.name === 'ChunkLoadError' || /loading chunk|dynamically imported module/i.test(error.message);
  return (
    <ErrorCard
      problem={
        stale ? new Error('Slipway was upgraded while this page was open. Load the page again.') : error
      }
      onRetry={stale ? () => window.location.reload() : onRetry}
    >
      {error.digest !== undefined && (
        <p className="mt-1.5 text-xs text-muted">
          Reference <code className="font-mono">{error.digest}</code>
        </p>
      )}
    </ErrorCard>
  );
}
