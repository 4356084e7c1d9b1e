export { audit } from './audit';
export type { AuditEntry, AuditWriter } from './audit';
export { listAudit } from './list-audit';
