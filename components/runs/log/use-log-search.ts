'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { LogSearchAnswer } from '@/core/wire';
import { api, path } from '../../lib/api';

/** Search over the whole log, on the server. */
export function useLogSearch(runId: string, bytes: number) {
  const [text, setText] = useState('');
  const [regex, setRegex] = useState(false);
  /** -1: no hit was gone to yet. */
  const [at, setAt] = useState(-1);
  const q = useDeferredValue(text.trim());
  const answer = useQuery({
    // A log that grew has more hits; sizes are rounded so that each new line does not begin a new search.
    queryKey: ['log', runId, 'search', q, regex, Math.floor(bytes / 65_536)],
    queryFn: ({ signal }) =>
      api.get<LogSearchAnswer>(`${path('runs', runId)}/logs/search`, {
        query: { q, regex, limit: 1000 },
        signal,
      }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  const hits = q === '' ? [] : (answer.data?.hits ?? []);
  const shown = Math.min(at, hits.length - 1);
  return {
    text,
    setText: (next: string) => {
      setText(next);
      setAt(-1);
    },
    regex,
    setRegex,
    hits,
    total: q === '' ? 0 : (answer.data?.total ?? 0),
    current: shown < 0 ? undefined : hits[shown],
    /** Number of the hit that was gone to; 0 before the first. */
    position: shown + 1,
    /** The hit after or before, around the end. */
    step: (by: 1 | -1) => {
      if (hits.length === 0) return undefined;
      const next = shown < 0 ? (by === 1 ? 0 : hits.length - 1) : (shown + by + hits.length) % hits.length;
      setAt(next);
      return hits[next];
    },
    searching: answer.isFetching,
    problem: answer.error,
  };
}
