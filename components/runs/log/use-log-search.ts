'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { LogSearchAnswer } from '@/core/wire';
import { api, path } from '../../lib/api';
import { setSearchParams, useSearchParam } from '../../lib/search-param';
import type { LogFilter } from './use-log';

const TYPING_MS = 200;
const NO_ROWS: readonly number[] = [];
const NO_HITS: LogSearchAnswer['hits'] = [];
/** What lines look like that say what went wrong. */
const ERRORS = String.raw`\b(error|exception|traceback|fatal|panic|failed|killed|segfault|oom)\b|Error:|Exception:`;

interface Question extends LogFilter {
  q: string;
  regex: boolean;
  context: number;
  limit: number;
}

const searchQuery = (runId: string, question: Question, bytes: number) => ({
  // A log that grew has more hits; sizes are rounded so that each new line does not begin a new search.
  queryKey: ['log', runId, 'search', question, Math.floor(bytes / 262_144)] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api.get<LogSearchAnswer>(`${path('runs', runId)}/logs/search`, { query: { ...question }, signal }),
  staleTime: Infinity,
  gcTime: 30_000,
  retry: false,
});

/** First element at or after (`by` 1) or before a row, of rows in order; around the end. -1 of none. */
export function nextHit(rows: readonly number[], from: number, by: 1 | -1): number {
  if (rows.length === 0) return -1;
  const after = rows.findIndex((row) => row > from);
  if (by === 1) return after === -1 ? 0 : after;
  const before = rows.findLastIndex((row) => row < from);
  return before === -1 ? rows.length - 1 : before;
}

/** Search over the whole log, on the server; the question stands in the address. */
export function useLogSearch(runId: string, filter: LogFilter, bytes: number) {
  const [q] = useSearchParam('find');
  const [mode] = useSearchParam('match');
  const [typed, setTyped] = useState(q);
  const [context, setContext] = useState(0);
  const [at, setAt] = useState(-1);
  const regex = mode === 'regex';
  const follow = useEffectEvent((text: string) => {
    if (text !== q) setSearchParams({ find: text, match: text === '' ? '' : mode });
  });
  useEffect(() => {
    const timer = setTimeout(() => follow(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const answer = useQuery({
    ...searchQuery(runId, { q, regex, context, limit: 200, ...filter }, bytes),
    enabled: q !== '',
    // The hits stay while a log that has grown is searched again; those of another question would be a false answer.
    placeholderData: (before, query) => {
      const asked = query?.queryKey[3];
      return asked?.q === q && asked.regex === regex ? before : undefined;
    },
  });
  const client = useQueryClient();
  const data = q === '' ? undefined : answer.data;
  const problem = q === '' ? null : answer.error;
  const searching = answer.isFetching;
  // The same object until something changes, so that scrolling does not draw the toolbar again.
  return useMemo(() => {
    const rows = data?.rows ?? NO_ROWS;
    const current = rows[at];
    return {
      typed,
      setTyped: (text: string) => {
        setTyped(text);
        setAt(-1);
      },
      q,
      regex,
      setRegex: (on: boolean) => setSearchParams({ match: on ? 'regex' : '' }),
      context,
      setContext,
      hits: data?.hits ?? NO_HITS,
      rows,
      total: data?.total ?? 0,
      searched: data?.searched ?? 0,
      /** Row of the hit that was gone to. */
      current,
      /** Its number, from 1; 0 before the first. */
      position: current === undefined ? 0 : at + 1,
      goTo: (row: number) => setAt(rows.indexOf(row)),
      /** The hit after or before where the reader is. */
      step: (from: number, by: 1 | -1): number | undefined => {
        const next = current === undefined ? nextHit(rows, from, by) : (at + by + rows.length) % rows.length;
        setAt(next);
        return rows[next];
      },
      /** The next row that looks like an error, after a row. */
      nextError: async (from: number): Promise<number | undefined> => {
        const { rows: errors } = await client.query(
          searchQuery(runId, { q: ERRORS, regex: true, context: 0, limit: 1, ...filter }, bytes),
        );
        return errors[nextHit(errors, from, 1)];
      },
      searching,
      problem,
    };
  }, [typed, q, regex, context, data, at, searching, problem, client, runId, filter, bytes]);
}
export type LogSearch = ReturnType<typeof useLogSearch>;
