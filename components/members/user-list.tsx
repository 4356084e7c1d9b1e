'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { User } from '@/core/wire';
import { api, path } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { QueryView } from '../ui/query-view';
import { TableSkeleton } from '../ui/skeleton';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { toastProblem } from '../ui/toast';
import { CreateUserDialog } from './create-user-dialog';

/** Everyone who has an account; instance administrators make and disable them. */
export function UserList({ self }: { self: string }) {
  const users = useQuery(accessQueries.users());
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [disabling, setDisabling] = useState<User>();
  const [promoting, setPromoting] = useState<User>();
  const update = async (user: User, change: Partial<Pick<User, 'disabled' | 'isAdmin'>>) => {
    await api.patch(path('users', user.id), change);
    await client.invalidateQueries({ queryKey: accessQueries.users().queryKey });
  };
  return (
    <>
      <SectionCard
        title="All users"
        description="Accounts of this Slipway. Instance administrators manage users and teams, and act as admin everywhere."
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            <UserPlus aria-hidden /> Create user
          </Button>
        }
        flush
      >
        <QueryView query={users} skeleton={<TableSkeleton rows={3} columns={3} label="Loading the users" />}>
          {(data) => (
            <Table label="Users">
              <TableHead>
                <Th>Name</Th>
                <Th>Kind</Th>
                <Th>Created</Th>
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              </TableHead>
              <TableBody>
                {data.map((user) => (
                  <Tr key={user.id}>
                    <Td className="max-w-80 py-2">
                      <span className="block truncate font-medium">{user.name}</span>
                      <span className="block truncate text-xs text-muted">{user.email}</span>
                    </Td>
                    <Td label="Kind">
                      {user.disabled ? (
                        <Badge tone="warn">disabled</Badge>
                      ) : user.isAdmin ? (
                        <Badge tone="accent">instance admin</Badge>
                      ) : (
                        <Badge>user</Badge>
                      )}
                    </Td>
                    <Td label="Created">
                      <RelativeTime at={user.createdAt} />
                    </Td>
                    <Td className="text-right max-sm:text-left">
                      {user.id !== self && (
                        <span className="inline-flex gap-1.5">
                          <Button
                            size="sm"
                            onClick={() => setPromoting(user)}
                            aria-label={
                              user.isAdmin
                                ? `Take the admin right from ${user.name}`
                                : `Make ${user.name} instance admin`
                            }
                          >
                            {user.isAdmin ? 'Take admin right' : 'Make admin'}
                          </Button>
                          {user.disabled ? (
                            <Button
                              size="sm"
                              onClick={() => void update(user, { disabled: false }).catch(toastProblem)}
                              aria-label={`Enable ${user.name}`}
                            >
                              Enable
                            </Button>
                          ) : (
                            <Button
                              size="sm"
                              variant="danger"
                              onClick={() => setDisabling(user)}
                              aria-label={`Disable ${user.name}`}
                            >
                              Disable
                            </Button>
                          )}
                        </span>
                      )}
                    </Td>
                  </Tr>
                ))}
              </TableBody>
            </Table>
          )}
        </QueryView>
      </SectionCard>
      {creating && (
        <CreateUserDialog
          onClose={() => setCreating(false)}
          onCreated={() => void client.invalidateQueries({ queryKey: accessQueries.users().queryKey })}
        />
      )}
      {promoting !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setPromoting(undefined)}
          title={
            promoting.isAdmin
              ? `Take the admin right from ${promoting.name}`
              : `Make ${promoting.name} instance admin`
          }
          description={
            promoting.isAdmin
              ? 'They keep the roles that teams have given them.'
              : 'They manage all users and teams of this Slipway, and act as admin in every team.'
          }
          confirmLabel={promoting.isAdmin ? 'Take admin right' : 'Make admin'}
          danger={promoting.isAdmin}
          onConfirm={() => update(promoting, { isAdmin: !promoting.isAdmin })}
        />
      )}
      {disabling !== undefined && (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setDisabling(undefined)}
          title={`Disable ${disabling.name}`}
          description="They are signed out everywhere and their API keys stop working. Their runs go on. They can be enabled again."
          confirmLabel="Disable user"
          onConfirm={() => update(disabling, { disabled: true })}
        />
      )}
    </>
  );
}
