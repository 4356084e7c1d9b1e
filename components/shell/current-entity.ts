'use client';
import { useQuery } from '@tanstack/react-query';
import { useParams, usePathname } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';
import type { RoleName, Viewer } from '@/core/wire';
import { accessQueries } from '../lib/queries';
import { runQueries } from '../runs/queries';

const LAST = 'slipway:entity';
const readLast = () => {
  try {
    return window.localStorage.getItem(LAST);
  } catch {
    return null;
  }
};
const never = () => () => undefined;

export interface CurrentEntity {
  /** undefined while it is not known yet. */
  entity: string | undefined;
  role: RoleName | undefined;
  viewer: Viewer | undefined;
}

/** The entity that the page is about: that of the address, that of the run shown, else the one used last. */
export function useCurrentEntity(): CurrentEntity {
  const params = useParams<{ entity?: string; id?: string }>();
  const onRun = usePathname().startsWith('/runs/');
  const { data: viewer } = useQuery(accessQueries.viewer());
  // The run page asks for it; here its answer is only looked at.
  const { data: run } = useQuery({ ...runQueries.one(params.id ?? ''), enabled: false });
  const last = useSyncExternalStore(never, readLast, () => null);
  const named = params.entity === undefined ? undefined : decodeURIComponent(params.entity);
  const remembered = viewer?.entities.find((each) => each.name === last)?.name ?? viewer?.entities[0]?.name;
  const entity = named ?? (onRun ? run?.entity : undefined) ?? remembered;
  useEffect(() => {
    if (named === undefined) return;
    try {
      window.localStorage.setItem(LAST, named);
    } catch {
      // Private windows may have no storage; then the first entity is the start.
    }
  }, [named]);
  const membership = viewer?.entities.find((each) => each.name === entity);
  return { entity, role: membership?.role ?? (viewer?.user.isAdmin === true ? 'admin' : undefined), viewer };
}
