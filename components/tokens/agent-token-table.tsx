'use client';
import type { AgentToken } from '@/core/wire';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { Expiry } from './expiry';

export function AgentTokenTable({
  tokens,
  onRevoke,
}: {
  tokens: readonly AgentToken[];
  onRevoke: (token: AgentToken) => void;
}) {
  return (
    <Table label="Agent tokens">
      <TableHead>
        <Th>Name</Th>
        <Th>Queues</Th>
        <Th>Agents</Th>
        <Th>Created</Th>
        <Th>Expires</Th>
        <Th>Last used</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {tokens.map((token) => (
          <Tr key={token.id}>
            <Td className="max-w-64 py-2">
              <span className="block truncate font-medium">{token.name}</span>
              <span className="block font-mono text-xs text-muted">{token.prefix}…</span>
            </Td>
            <Td label="Queues" className="max-w-56">
              {token.queues.length === 0 ? (
                <Badge>every queue</Badge>
              ) : (
                <span className="block truncate">{token.queues.join(', ')}</span>
              )}
            </Td>
            <Td label="Agents" className="max-w-48">
              {token.agents.length === 0 ? (
                <span className="text-faint">none</span>
              ) : (
                <span className="block truncate">
                  {token.agents.map(({ name, online }) => (online ? name : `${name} (offline)`)).join(', ')}
                </span>
              )}
            </Td>
            <Td label="Created">
              <RelativeTime at={token.createdAt} />
              <span className="block truncate text-xs text-muted">by {token.createdBy}</span>
            </Td>
            <Td label="Expires">
              <Expiry at={token.expiresAt} />
            </Td>
            <Td label="Last used">
              {token.lastUsedAt === null ? (
                <span className="text-muted">never</span>
              ) : (
                <>
                  <RelativeTime at={token.lastUsedAt} />
                  {token.lastUsedHost !== null && (
                    <span className="block truncate text-xs text-muted">{token.lastUsedHost}</span>
                  )}
                </>
              )}
            </Td>
            <Td className="text-right max-sm:text-left">
              <Button
                size="sm"
                variant="danger"
                onClick={() => onRevoke(token)}
                aria-label={`Revoke ${token.name}`}
              >
                Revoke
              </Button>
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}
