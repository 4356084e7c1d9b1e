'use client';
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useSearchParam } from '../lib/search-param';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { QueryView, type QueryLike } from '../ui/query-view';
import { TableSkeleton } from '../ui/skeleton';
import { CredentialTable, type Credential, type CredentialColumn } from './credential-table';
import { SecretOnce } from './secret-once';

/** A credential that was just made: its secret, and how to use it. */
export interface NewSecret<T> {
  credential: T;
  secret: string;
  usage: { intro: string; command: string };
}
export interface CredentialsProps<T extends Credential> {
  title: string;
  description: string;
  /** "token", "key". */
  noun: string;
  /** Name of the table. */
  label: string;
  query: QueryLike<T[]>;
  columns?: readonly CredentialColumn<T>[];
  empty: ReactNode;
  createDialog: (on: { onClose: () => void; onCreated: (made: NewSecret<T>) => void }) => ReactNode;
  /** Makes the successor; what the old one is used by has a day to change over. */
  rotate: (credential: T) => Promise<NewSecret<T>>;
  revoke: {
    description: string;
    /** What it cuts off. */
    effect?: (credential: T) => ReactNode;
    send: (credential: T) => Promise<unknown>;
  };
}

/** One kind of credentials: list, create (shown once), revoke. `?create=1` opens the form. */
export function Credentials<T extends Credential>({
  title,
  description,
  noun,
  label,
  query,
  columns,
  empty,
  createDialog,
  rotate,
  revoke,
}: CredentialsProps<T>) {
  const [create, setCreate] = useSearchParam('create');
  const [made, setMade] = useState<NewSecret<T>>();
  const [rotating, setRotating] = useState<T>();
  const [revoking, setRevoking] = useState<T>();
  return (
    <>
      <SectionCard
        title={title}
        description={description}
        actions={
          <Button variant="primary" onClick={() => setCreate('1', 'push')}>
            <Plus aria-hidden /> Create {noun}
          </Button>
        }
        flush
      >
        <QueryView
          query={query}
          skeleton={<TableSkeleton rows={3} columns={5} label={`Loading the ${noun}s`} />}
          empty={empty}
        >
          {(credentials) => (
            <CredentialTable
              label={label}
              credentials={credentials}
              columns={columns}
              onRotate={setRotating}
              onRevoke={setRevoking}
            />
          )}
        </QueryView>
      </SectionCard>
      {create === '1' &&
        createDialog({
          onClose: () => setCreate(''),
          onCreated: (secret) => {
            setCreate('');
            setMade(secret);
            void query.refetch();
          },
        })}
      {made !== undefined && (
        <SecretOnce
          title={`${noun === 'key' ? 'API key' : 'Token'} ${made.credential.name}`}
          secret={made.secret}
          copyLabel={`Copy the ${noun}`}
          onClose={() => setMade(undefined)}
        >
          <div>
            <p className="mb-2 text-sm text-muted">{made.usage.intro}</p>
            <CodeBlock code={made.usage.command} label="Copy the command" wrap />
          </div>
        </SecretOnce>
      )}
      {rotating !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setRotating(undefined)}
          title={`Rotate ${rotating.name}`}
          description={`You get a new ${noun} of the same name, shown once. The old one goes on for a day, so that you can change over without a gap.`}
          confirmLabel={`Make the new ${noun}`}
          onConfirm={async () => {
            setMade(await rotate(rotating));
            await query.refetch();
          }}
        />
      )}
      {revoking !== undefined && (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setRevoking(undefined)}
          title={`Revoke ${revoking.name}`}
          description={revoke.description}
          confirmLabel={`Revoke ${noun}`}
          onConfirm={async () => {
            await revoke.send(revoking);
            await query.refetch();
          }}
        >
          {revoke.effect?.(revoking)}
        </ConfirmDialog>
      )}
    </>
  );
}
