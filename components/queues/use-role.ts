'use client';
import { useQuery } from '@tanstack/react-query';
import { accessQueries } from '../lib/queries';

/** What the person may do in an entity: nothing until that is known. The server checks again. */
export function useRole(entity: string): { mayLaunch: boolean; mayAdminister: boolean } {
  const { data } = useQuery(accessQueries.viewer());
  const role =
    data?.entities.find((each) => each.name === entity)?.role ??
    (data?.user.isAdmin === true ? 'admin' : undefined);
  return { mayLaunch: role === 'member' || role === 'admin', mayAdminister: role === 'admin' };
}
