/**
 * The queue: launches become rows, agents lease them, reports move them on. docs/architecture.md tells the whole; the parts:
 * enqueue · lease (hints, waiters, turns) · report · heartbeat · release and overdue (expiry) · stop, requeue, update · get, list, waiting.
 */
export { appendLog, downloadLog, logOutline, readLines, readLog, searchLog } from '../logs';
export { bulkRuns } from './bulk';
export { enqueueBatch, enqueueRun } from './enqueue';
export { getRun } from './get';
export { heartbeat } from './heartbeat';
export { runHistogram } from './histogram';
export type * from './inputs';
export { leaseRuns } from './lease';
export { listRunEvents, listRuns, listSubmissions } from './list';
export { failLostRuns, wakeDueRuns } from './overdue';
export { expireLeases } from './release';
export { reportEvents, reportMany } from './report';
export { requeueRun } from './requeue';
export { retention } from './retention';
export { stopRun } from './stop';
export { updateRun } from './update';
