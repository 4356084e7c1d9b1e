/**
 * Logs of runs: chunks of bytes in the database, written by offset; read by offset (agents, command line) or by line (the browser), searched
 * line by line. Each chunk knows how many line breaks stand before it, so that any line is found without reading those before.
 */
export { appendLog } from './append';
export { archiveLogs } from './archive';
export { downloadLog } from './download';
export { readLines } from './lines';
export { logOutline } from './outline';
export { readLog } from './read';
export { searchLog } from './search';
