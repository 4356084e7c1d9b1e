export { audit, auditActor } from './audit';
export type { AuditEntry, AuditWriter } from './audit';
export { listAudit } from './list-audit';
