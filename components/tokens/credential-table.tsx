'use client';
import type { ReactNode } from 'react';
import { serverNow } from '../lib/clock';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { Expiry } from './expiry';

/** What agent tokens and API keys have in common. */
export interface Credential {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  /** Where others than oneself may have made it. */
  createdBy?: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  lastUsedHost: string | null;
  replaced: boolean;
}
export interface CredentialColumn<T> {
  header: string;
  cell: (credential: T) => ReactNode;
}
export interface CredentialTableProps<T> {
  label: string;
  credentials: readonly T[];
  /** Columns of this kind only; they stand after the name. */
  columns?: readonly CredentialColumn<T>[];
  onRotate: (credential: T) => void;
  onRevoke: (credential: T) => void;
}

/** Credentials as rows: by what one knows them, whom they are of, until when, where they were used last. */
export function CredentialTable<T extends Credential>({
  label,
  credentials,
  columns = [],
  onRotate,
  onRevoke,
}: CredentialTableProps<T>) {
  return (
    <Table label={label}>
      <TableHead>
        <Th>Name</Th>
        {columns.map(({ header }) => (
          <Th key={header}>{header}</Th>
        ))}
        <Th>Created</Th>
        <Th>Expires</Th>
        <Th>Last used</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {credentials.map((each) => (
          <Tr key={each.id}>
            <Td className="max-w-64 py-2">
              <span className="flex items-center gap-2">
                <span className="truncate font-medium">{each.name}</span>
                {each.replaced && <Badge className="shrink-0">replaced</Badge>}
              </span>
              <span className="block font-mono text-xs text-muted">{each.prefix}…</span>
            </Td>
            {columns.map(({ header, cell }) => (
              <Td key={header} label={header} className="max-w-56">
                {cell(each)}
              </Td>
            ))}
            <Td label="Created">
              <RelativeTime at={each.createdAt} />
              {each.createdBy !== undefined && (
                <span className="block truncate text-xs text-muted">by {each.createdBy}</span>
              )}
            </Td>
            <Td label="Expires">
              <Expiry at={each.expiresAt} />
            </Td>
            <Td label="Last used">
              <LastUsed credential={each} />
            </Td>
            <Td className="text-right max-sm:text-left">
              <span className="inline-flex gap-1.5">
                {!each.replaced && !hasEnded(each) && (
                  <Button size="sm" onClick={() => onRotate(each)} aria-label={`Rotate ${each.name}`}>
                    Rotate
                  </Button>
                )}
                <Button
                  size="sm"
                  variant="danger"
                  onClick={() => onRevoke(each)}
                  aria-label={`Revoke ${each.name}`}
                >
                  Revoke
                </Button>
              </span>
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

function LastUsed({ credential: { lastUsedAt, lastUsedHost } }: { credential: Credential }) {
  if (lastUsedAt === null) return <span className="text-muted">never</span>;
  return (
    <>
      <RelativeTime at={lastUsedAt} />
      {lastUsedHost !== null && <span className="block truncate text-xs text-muted">{lastUsedHost}</span>}
    </>
  );
}

const hasEnded = ({ expiresAt }: Credential): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= serverNow();
