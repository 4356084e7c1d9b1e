import { readFileSync } from 'node:fs';

/** Highest resident memory of a process in its whole life so far, MB, as Linux counts it; 0 once it has ended. */
export function peakMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
