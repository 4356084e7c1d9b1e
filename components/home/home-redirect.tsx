'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { accessQueries } from '../lib/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { HomeSkeleton } from './home-skeleton';

/** Leads from / to the queues of the entity used last. */
export function HomeRedirect() {
  const router = useRouter();
  const { error, refetch, isFetching } = useQuery(accessQueries.viewer());
  const { entity, viewer } = useCurrentEntity();
  useEffect(() => {
    if (viewer !== undefined && entity !== undefined) router.replace(`/${encodeURIComponent(entity)}`);
  }, [router, viewer, entity]);
  if (error !== null && viewer === undefined)
    return <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (viewer?.entities.length === 0)
    return (
      <EmptyState title="You are in no team yet">
        An administrator of a team can add you by your e-mail address, {viewer.user.email}.
      </EmptyState>
    );
  return <HomeSkeleton />;
}
