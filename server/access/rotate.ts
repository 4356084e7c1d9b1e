import { ProblemError, notFound } from '@/core/problems';
import { ROTATION_OVERLAP_HOURS } from '@/core/wire';
import { audit } from '../audit';
import type { Prisma } from '../db/generated/client';
import type { Actor } from './actor';

/** A credential whose successor is being made. */
export interface Replaced {
  name: string;
  prefix: string;
  /** How long the new one lives: as long as the old one was made for. Days; null: for ever. */
  days: number | null;
}
/** Rows of the two tables are told apart by the column that says whose they are. */
type Owned = { table: 'api_keys'; userId: string } | { table: 'agent_tokens'; entityId: string };

/**
 * Ends a credential a day from now (or when it would have ended anyway) in favour of `successorId`, so that what uses it can be changed
 * over without a gap. Call it in the transaction that makes the successor, before it.
 *
 * @throws ProblemError not-found; conflict `replaced` where it has a successor already, `expired` where it has ended
 */
export async function replace(
  tx: Prisma.TransactionClient,
  owned: Owned,
  id: string,
  successorId: string,
): Promise<Replaced> {
  const rows = await (owned.table === 'api_keys'
    ? tx.$queryRaw<Row[]>`SELECT name, prefix, created_at, expires_at, replaced_by_id FROM api_keys
        WHERE id::text = ${id} AND user_id = ${owned.userId}::uuid AND revoked_at IS NULL FOR UPDATE`
    : tx.$queryRaw<Row[]>`SELECT name, prefix, created_at, expires_at, replaced_by_id FROM agent_tokens
        WHERE id::text = ${id} AND entity_id = ${owned.entityId}::uuid AND revoked_at IS NULL FOR UPDATE`);
  const [row] = rows;
  const noun = owned.table === 'api_keys' ? 'API key' : 'agent token';
  if (!row) throw notFound(`The ${noun}`);
  if (row.replaced_by_id !== null) throw refuse(`This ${noun} has been replaced already.`, 'replaced');
  if (row.expires_at !== null && row.expires_at.getTime() <= Date.now())
    throw refuse(`This ${noun} has expired; make a new one.`, 'expired');
  const data = { replacedById: successorId, expiresAt: endOf(row.expires_at) };
  if (owned.table === 'api_keys') await tx.apiKey.update({ where: { id }, data });
  else await tx.agentToken.update({ where: { id }, data });
  const days =
    row.expires_at === null
      ? null
      : Math.max(1, Math.round((row.expires_at.getTime() - row.created_at.getTime()) / DAY_MS));
  return { name: row.name, prefix: row.prefix, days };
}

interface Row {
  name: string;
  prefix: string;
  created_at: Date;
  expires_at: Date | null;
  replaced_by_id: string | null;
}
const DAY_MS = 86_400_000;

const refuse = (detail: string, code: string) => new ProblemError('conflict', detail, { code });

function endOf(expiresAt: Date | null): Date {
  const overlap = Date.now() + ROTATION_OVERLAP_HOURS * 3_600_000;
  return new Date(Math.min(overlap, expiresAt?.getTime() ?? Infinity));
}

/** Writes down who replaced which credential by which. */
export const auditRotation = (
  tx: Prisma.TransactionClient,
  actor: Actor,
  where: { entityId: string | null; action: 'api-key.rotate' | 'agent-token.rotate' },
  { name, prefix }: Replaced,
  newPrefix: string,
) =>
  audit(tx, actor, {
    ...where,
    target: name,
    data: { prefix, newPrefix, overlapHours: ROTATION_OVERLAP_HOURS },
  });
