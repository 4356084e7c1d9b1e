'use client';
import { useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Member, RoleName } from '@/core/wire';
import { api, path } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Select } from '../ui/select';
import { TableSkeleton } from '../ui/skeleton';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { toast, toastProblem } from '../ui/toast';
import { AddMemberDialog } from './add-member-dialog';
import { ROLES } from './roles';

export interface MemberListProps {
  entity: string;
  members: readonly Member[] | undefined;
  failed: boolean;
  canEdit: boolean;
  ownSpace: boolean;
}

/** Members with their roles; admins change them in place. */
export function MemberList({ entity, members, failed, canEdit, ownSpace }: MemberListProps) {
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const renew = () => client.invalidateQueries({ queryKey: accessQueries.members(entity).queryKey });
  const change = async (member: Member, role: RoleName) => {
    await api.put(`${path('entities', entity)}/members`, { email: member.email, role });
    await renew();
    toast.success(`${member.name} is ${role} now`);
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
        {members === undefined ? (
          !failed && <TableSkeleton rows={3} columns={3} label="Loading the members" />
        ) : (
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
                    <span className="block truncate font-medium">{member.name}</span>
                    <span className="block truncate text-xs text-muted">{member.email}</span>
                  </Td>
                  <Td label="Role">
                    {canEdit ? (
                      <Select
                        aria-label={`Role of ${member.name}`}
                        className="w-32"
                        value={member.role}
                        options={ROLES}
                        onValueChange={(role) => void change(member, role).catch(toastProblem)}
                      />
                    ) : (
                      <Badge>{member.role}</Badge>
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
                        aria-label={`Remove ${member.name}`}
                      >
                        Remove
                      </Button>
                    </Td>
                  )}
                </Tr>
              ))}
            </TableBody>
          </Table>
        )}
      </SectionCard>
      {adding && (
        <AddMemberDialog entity={entity} onClose={() => setAdding(false)} onAdded={() => void renew()} />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setRemoving(undefined)}
          title={`Remove ${removing.name} from ${entity}`}
          description="They see nothing of it from then on. Runs they launched go on and stay readable."
          confirmLabel="Remove member"
          onConfirm={async () => {
            await api.delete(path('entities', entity, 'members', removing.userId));
            await renew();
          }}
        />
      )}
    </>
  );
}
