'use client';
import type { ReactNode } from 'react';
import { formatClock } from '../lib/format';
import { ErrorCard } from './error-card';

/** What `useQuery` gives, as far as it is shown. */
export interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  isFetching: boolean;
  /** Milliseconds since 1970. */
  dataUpdatedAt: number;
  refetch: () => unknown;
}
export interface QueryViewProps<T> {
  query: QueryLike<T>;
  /** Of the same geometry as what will stand there; shown at the first load only. */
  skeleton: ReactNode;
  /** Instead of the content, where `isEmpty` holds. */
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  /** Class of the error card: its margins. */
  errorClassName?: string;
  children: (data: T) => ReactNode;
}

/**
 * The states of something that is asked for: skeleton at first, then the data; a failure stands above the last data that is known, with
 * Retry; nothing says so.
 */
export function QueryView<T>({
  query,
  skeleton,
  empty,
  isEmpty = (data) => Array.isArray(data) && data.length === 0,
  errorClassName = 'm-4',
  children,
}: QueryViewProps<T>) {
  const { data, error, isFetching, dataUpdatedAt, refetch } = query;
  const failed = error !== null && error !== undefined;
  return (
    <>
      {failed && (
        <ErrorCard
          className={errorClassName}
          problem={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
        >
          {data !== undefined && (
            <p className="mt-1 text-muted">Below is what was known at {formatClock(dataUpdatedAt)}.</p>
          )}
        </ErrorCard>
      )}
      {data === undefined
        ? !failed && skeleton
        : empty !== undefined && isEmpty(data)
          ? empty
          : children(data)}
    </>
  );
}
