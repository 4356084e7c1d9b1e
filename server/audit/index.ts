export { audit } from './audit';
export { exportAudit, listAudit } from './list-audit';
