'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { LogLinesAnswer, LogOutline } from '@/core/wire';
import { api, path } from '../../lib/api';
import { LogPages } from './log-pages';

/** What is left of a log when only some streams, or one writer, are looked at. Empty texts: all. */
export interface LogFilter {
  stream: string;
  source: string;
}
export const isFiltered = ({ stream, source }: LogFilter): boolean => stream !== '' || source !== '';

export const readLogLines = (
  runId: string,
  query: { from?: number; limit: number } & Partial<LogFilter>,
  signal?: AbortSignal,
): Promise<LogLinesAnswer> =>
  api.get<LogLinesAnswer>(`${path('runs', runId)}/logs/lines`, { query: { ...query }, signal });

/** The rows of a log, read as they are needed: tell it how far the log has grown and what is shown. */
export function useLogPages(runId: string, { stream, source }: LogFilter): LogPages {
  const pages = useMemo(
    () => new LogPages((range, signal) => readLogLines(runId, { ...range, stream, source }, signal)),
    [runId, stream, source],
  );
  useEffect(() => {
    pages.open();
    return () => pages.close();
  }, [pages]);
  useSyncExternalStore(
    pages.subscribe,
    () => pages.version,
    () => 0,
  );
  return pages;
}

/** Bytes that a log grows by before its outline is asked for again. */
const OUTLINE_STEP = 256 * 1024;

/** How a log is divided; renewed as it grows, but not with each line of a long one. */
export function useLogOutline(runId: string, bytes: number, complete: boolean) {
  const step = complete || bytes < OUTLINE_STEP ? bytes : Math.floor(bytes / OUTLINE_STEP);
  return useQuery({
    queryKey: ['log', runId, 'outline', complete, step],
    queryFn: ({ signal }) => api.get<LogOutline>(`${path('runs', runId)}/logs/outline`, { signal }),
    enabled: bytes > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 10_000,
    retry: false,
  }).data;
}
