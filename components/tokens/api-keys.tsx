'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { ApiKey } from '@/core/wire';
import { api, path } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { useSearchParam } from '../lib/search-param';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { TableSkeleton } from '../ui/skeleton';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { CreateKeyDialog, type NewKey } from './create-key-dialog';
import { Expiry } from './expiry';
import { SecretOnce } from './secret-once';

/** Keys of the person who is signed in; a key may do what they may do. */
export function ApiKeys() {
  const keys = useQuery(accessQueries.apiKeys());
  const client = useQueryClient();
  const [create, setCreate] = useSearchParam('create');
  const [made, setMade] = useState<NewKey>();
  const [revoking, setRevoking] = useState<ApiKey>();
  const renew = () => client.invalidateQueries({ queryKey: accessQueries.apiKeys().queryKey });
  return (
    <>
      <SectionCard
        title="Your API keys"
        description="For the command line and programs. A key acts as you, in every entity you belong to."
        actions={
          <Button variant="primary" onClick={() => setCreate('1', 'push')}>
            <Plus aria-hidden /> Create key
          </Button>
        }
        flush
      >
        {keys.error !== null && (
          <ErrorCard
            className="m-4"
            problem={keys.error}
            onRetry={() => void keys.refetch()}
            retrying={keys.isFetching}
          />
        )}
        {keys.data === undefined ? (
          keys.error === null && <TableSkeleton rows={2} columns={4} label="Loading the keys" />
        ) : keys.data.length > 0 ? (
          <Table label="API keys">
            <TableHead>
              <Th>Name</Th>
              <Th>Created</Th>
              <Th>Expires</Th>
              <Th>Last used</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </TableHead>
            <TableBody>
              {keys.data.map((key) => (
                <Tr key={key.id}>
                  <Td className="max-w-72 py-2">
                    <span className="block truncate font-medium">{key.name}</span>
                    <span className="block font-mono text-xs text-muted">{key.prefix}…</span>
                  </Td>
                  <Td label="Created">
                    <RelativeTime at={key.createdAt} />
                  </Td>
                  <Td label="Expires">
                    <Expiry at={key.expiresAt} />
                  </Td>
                  <Td label="Last used">
                    {key.lastUsedAt === null ? (
                      <span className="text-muted">never</span>
                    ) : (
                      <RelativeTime at={key.lastUsedAt} />
                    )}
                  </Td>
                  <Td className="text-right max-sm:text-left">
                    <Button
                      size="sm"
                      variant="danger"
                      onClick={() => setRevoking(key)}
                      aria-label={`Revoke ${key.name}`}
                    >
                      Revoke
                    </Button>
                  </Td>
                </Tr>
              ))}
            </TableBody>
          </Table>
        ) : (
          <EmptyState icon={<KeyRound aria-hidden />} title="No API key yet">
            The command line signs in with one: <code className="font-mono text-ink">slipway login</code>.
          </EmptyState>
        )}
      </SectionCard>
      {create === '1' && (
        <CreateKeyDialog
          onClose={() => setCreate('')}
          onCreated={(key) => {
            setCreate('');
            setMade(key);
            void renew();
          }}
        />
      )}
      {made !== undefined && (
        <SecretOnce
          title={`API key ${made.name}`}
          secret={made.key}
          copyLabel="Copy the key"
          onClose={() => setMade(undefined)}
        >
          <div>
            <p className="mb-2 text-sm text-muted">To sign the command line in (it asks for the key):</p>
            <CodeBlock
              code={`npx slipway login --host ${window.location.origin}`}
              label="Copy the command"
              wrap
            />
          </div>
        </SecretOnce>
      )}
      {revoking !== undefined && (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setRevoking(undefined)}
          title={`Revoke ${revoking.name}`}
          description="Programs that use it are refused at once; it cannot be brought back."
          confirmLabel="Revoke key"
          onConfirm={async () => {
            await api.delete(path('api-keys', revoking.id));
            await renew();
          }}
        />
      )}
    </>
  );
}
