import { stripEscapes } from '@/core/ansi';

/** Lines at the end of an output that may hold the reason. */
const END_LINES = 30;
const DISK_FULL = /no space left on device|disk quota exceeded/i;

/** The last line near the end of an output of a build that says so: of the builder, or of a step, which then only ends with a code. */
export function diskFull(...outputs: string[]): string | null {
  const lines = outputs.flatMap((output) => output.split(/[\r\n]+/).slice(-END_LINES));
  const line = lines.findLast((candidate) => DISK_FULL.test(candidate));
  return line === undefined ? null : stripEscapes(line).trim();
}
