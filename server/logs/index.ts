/** Logs of runs: chunks of bytes in the database, written by offset, read by offset, searched line by line. */
export { appendLog } from './append';
export { readLog } from './read';
export { searchLog } from './search';
