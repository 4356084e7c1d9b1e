'use client';
import { useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Member, RoleName } from '@/core/wire';
import { api, path } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { QueryView, type QueryLike } from '../ui/query-view';
import { Select } from '../ui/select';
import { TableSkeleton } from '../ui/skeleton';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { toast, toastProblem } from '../ui/toast';
import { AddMemberDialog } from './add-member-dialog';
import { ROLES } from './roles';

export interface MemberListProps {
  entity: string;
  query: QueryLike<Member[]>;
  canEdit: boolean;
  ownSpace: boolean;
}

/** Members with their roles; admins change them in place. */
export function MemberList({ entity, query, canEdit, ownSpace }: MemberListProps) {
  const client = useQueryClient();
  const router = useRouter();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const [asking, setAsking] = useState<{ member: Member; role: RoleName }>();
  const { viewer } = useCurrentEntity();
  const admins = query.data?.filter(({ role }) => role === 'admin').length ?? 0;
  const isSelf = (member: Member) => member.userId === viewer?.user.id;
  const isLastAdmin = (member: Member) => member.role === 'admin' && admins === 1;
  const renew = async (member?: Member) => {
    await client.invalidateQueries({ queryKey: accessQueries.members(entity).queryKey });
    // What one may do oneself is shown everywhere: at once, not when the answer has grown old.
    if (member !== undefined && isSelf(member))
      await client.invalidateQueries({ queryKey: accessQueries.viewer().queryKey });
  };
  const change = async (member: Member, role: RoleName) => {
    await api.put(`${path('entities', entity)}/members`, { email: member.email, role });
    await renew(member);
    toast.success(`${member.name} is ${role} now`);
  };
  /** More power for somebody else, or less for oneself, is asked about first. */
  const choose = (member: Member, role: RoleName) => {
    if (role === member.role) return;
    if (role === 'admin' || isSelf(member)) setAsking({ member, role });
    else void change(member, role).catch(toastProblem);
  };
  return (
    <>
      <SectionCard
        title={ownSpace ? 'A space of one' : 'Members'}
        description={
          ownSpace
            ? 'This is a personal space: only its owner works in it. Teams are for working together.'
            : 'Viewers read; members launch and stop their own runs; admins make queues, tokens, secrets and members.'
        }
        actions={
          canEdit && (
            <Button variant="primary" onClick={() => setAdding(true)}>
              <UserPlus aria-hidden /> Add member
            </Button>
          )
        }
        flush
      >
        <QueryView
          query={query}
          skeleton={<TableSkeleton rows={3} columns={3} label="Loading the members" />}
        >
          {(members) => (
            <Table label="Members">
              <TableHead>
                <Th>Name</Th>
                <Th>Role</Th>
                <Th>Since</Th>
                {canEdit && (
                  <Th>
                    <span className="sr-only">Actions</span>
                  </Th>
                )}
              </TableHead>
              <TableBody>
                {members.map((member) => (
                  <Tr key={member.userId}>
                    <Td className="max-w-80 py-2">
                      <span className="flex items-center gap-2">
                        <span className="truncate font-medium">{member.name}</span>
                        {isSelf(member) && <Badge className="shrink-0">you</Badge>}
                      </span>
                      <span className="block truncate text-xs text-muted">{member.email}</span>
                    </Td>
                    <Td label="Role">
                      {canEdit ? (
                        <Select
                          aria-label={`Role of ${member.name}`}
                          className="w-32"
                          value={member.role}
                          options={ROLES}
                          disabled={isLastAdmin(member)}
                          onValueChange={(role) => choose(member, role)}
                        />
                      ) : (
                        <Badge>{member.role}</Badge>
                      )}
                      {canEdit && isLastAdmin(member) && (
                        <span className="mt-0.5 block text-xs text-muted">the last admin stays</span>
                      )}
                    </Td>
                    <Td label="Since">
                      <RelativeTime at={member.createdAt} />
                    </Td>
                    {canEdit && (
                      <Td className="text-right max-sm:text-left">
                        <Button
                          size="sm"
                          variant="danger"
                          onClick={() => setRemoving(member)}
                          disabled={isLastAdmin(member)}
                          aria-label={`${isSelf(member) ? 'Leave' : 'Remove'} ${isSelf(member) ? entity : member.name}`}
                        >
                          {isSelf(member) ? 'Leave' : 'Remove'}
                        </Button>
                      </Td>
                    )}
                  </Tr>
                ))}
              </TableBody>
            </Table>
          )}
        </QueryView>
      </SectionCard>
      {adding && (
        <AddMemberDialog entity={entity} onClose={() => setAdding(false)} onAdded={() => void renew()} />
      )}
      {asking !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setAsking(undefined)}
          title={
            isSelf(asking.member)
              ? `Become ${asking.role} of ${entity}`
              : `Make ${asking.member.name} admin of ${entity}`
          }
          description={
            isSelf(asking.member)
              ? 'You lose what an admin may do here; another admin can give it back.'
              : 'An admin changes queues, reads the audit log, makes tokens and secrets, and adds and removes members, you included.'
          }
          confirmLabel={isSelf(asking.member) ? `Become ${asking.role}` : 'Make admin'}
          onConfirm={() => change(asking.member, asking.role)}
        />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setRemoving(undefined)}
          title={isSelf(removing) ? `Leave ${entity}` : `Remove ${removing.name} from ${entity}`}
          description={
            isSelf(removing)
              ? 'You see nothing of it from then on. Runs you launched go on and stay readable to its members.'
              : 'They see nothing of it from then on. Runs they launched go on and stay readable.'
          }
          confirmLabel={isSelf(removing) ? 'Leave' : 'Remove member'}
          onConfirm={async () => {
            await api.delete(path('entities', entity, 'members', removing.userId));
            if (!isSelf(removing)) return renew();
            await client.invalidateQueries({ queryKey: accessQueries.viewer().queryKey });
            router.push('/');
          }}
        />
      )}
    </>
  );
}
