'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LaunchInput, Preview } from '@/core/wire';
import { api } from '../lib/api';
import { queuePath } from '../queues/queries';

const DELAY_MS = 300;

/** What the launch would submit, by the server; 300 ms after the last change, the last answer kept meanwhile. */
export function usePreview(
  entity: string,
  queue: string | undefined,
  version: number | undefined,
  launch: LaunchInput | undefined,
) {
  const wanted = JSON.stringify(launch ?? {});
  const [text, setText] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setText(wanted), DELAY_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const query = useQuery({
    queryKey: ['preview', entity, queue, version, text],
    queryFn: ({ signal }) =>
      api.post<Preview>(`${queuePath(entity, queue ?? '')}/preview`, JSON.parse(text), { signal }),
    enabled: queue !== undefined && version !== undefined && launch !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
    gcTime: 30_000,
  });
  return {
    preview: query.data,
    error: query.error,
    settling: query.isFetching || wanted !== text,
    retry: () => void query.refetch(),
  };
}
