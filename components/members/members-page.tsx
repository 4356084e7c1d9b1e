'use client';
import { useQuery } from '@tanstack/react-query';
import { useHrefWith, useSearchParam } from '../lib/search-param';
import { accessQueries } from '../lib/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { PageHeader } from '../ui/page-header';
import { Tabs } from '../ui/tabs';
import { MemberList } from './member-list';
import { UserList } from './user-list';

/** Who is in the entity; for instance administrators also everyone who has an account. */
export function MembersPage({ entity }: { entity: string }) {
  const { role, viewer } = useCurrentEntity();
  const members = useQuery(accessQueries.members(entity));
  const [tab] = useSearchParam('tab');
  const href = useHrefWith('tab');
  const instanceAdmin = viewer?.user.isAdmin === true;
  const users = instanceAdmin && tab === 'users';
  const kind = viewer?.entities.find(({ name }) => name === entity)?.kind;
  return (
    <>
      <PageHeader title="Members" />
      {instanceAdmin && (
        <Tabs
          label="People"
          className="mb-4"
          items={[
            { href: href(''), label: `Members of ${entity}`, active: !users },
            { href: href('users'), label: 'All users', active: users },
          ]}
        />
      )}
      {users ? (
        <UserList self={viewer.user.id} />
      ) : (
        <MemberList
          entity={entity}
          query={members}
          canEdit={role === 'admin' && kind === 'team'}
          ownSpace={kind === 'user'}
        />
      )}
    </>
  );
}
