import type { Pool, PoolClient } from 'pg';
import type { AuditEvent, JsonObject, Page, PageQuery } from '@/core/wire';
import type { Actor } from '../access/actor';
import type { Prisma, PrismaClient } from '../db/generated/client';
import type { Services } from '../services';

/** A transaction (Prisma's or pg's), or what begins one. */
export type AuditWriter = Prisma.TransactionClient | PrismaClient | PoolClient | Pool;
export interface AuditEntry { entityId: string | null; action: string; target: string; data?: JsonObject }
export declare function audit(tx: AuditWriter, actor: Actor, entry: AuditEntry): Promise<void>;
export declare function listAudit(s: Services, actor: Actor, input: { entity: string; action?: string; actor?: string } & Partial<PageQuery>): Promise<Page<AuditEvent>>;
