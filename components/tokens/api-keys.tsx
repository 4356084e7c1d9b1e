'use client';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { api, path } from '../lib/api';
import { accessQueries } from '../lib/queries';
import { EmptyState } from '../ui/empty-state';
import { CreateKeyDialog, type NewKey } from './create-key-dialog';
import { Credentials } from './credentials';

/** Keys of the person who is signed in; a key may do what they may do. */
export function ApiKeys() {
  const keys = useQuery(accessQueries.apiKeys());
  const secretOf = (made: NewKey) => ({
    credential: made,
    secret: made.key,
    usage: {
      intro: 'To sign the command line in (it asks for the key):',
      command: `npx slipway login --host ${window.location.origin}`,
    },
  });
  return (
    <Credentials
      title="Your API keys"
      description="For the command line and programs. A key acts as you, in every entity you belong to."
      noun="key"
      label="API keys"
      query={keys}
      empty={
        <EmptyState icon={<KeyRound aria-hidden />} title="No API key yet">
          The command line signs in with one: <code className="font-mono text-ink">slipway login</code>.
        </EmptyState>
      }
      createDialog={({ onClose, onCreated }) => (
        <CreateKeyDialog onClose={onClose} onCreated={(made) => onCreated(secretOf(made))} />
      )}
      rotate={async ({ id }) => secretOf(await api.post<NewKey>(`${path('api-keys', id)}/rotate`))}
      revoke={{
        description: 'Programs that use it are refused at once; it cannot be brought back.',
        send: ({ id }) => api.delete(path('api-keys', id)),
      }}
    />
  );
}
