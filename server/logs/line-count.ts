const NEW_LINE = 0x0a;

/** Line breaks in a piece of a log. */
export function lineBreaks(data: Uint8Array): number {
  let count = 0;
  for (let at = data.indexOf(NEW_LINE); at !== -1; at = data.indexOf(NEW_LINE, at + 1)) count += 1;
  return count;
}

/**
 * Lines that begin a group, as Buildkite's log viewer has them: `--- title` (folded), `+++ title` (open), `~~~ title` (folded, quiet).
 * A header that is cut between two chunks is not seen: agents send whole lines unless one is very long.
 */
export const GROUP_LINE = /^(---|\+\+\+|~~~) +(?=\S)/;
const GROUPS = ['--- ', '+++ ', '~~~ '].map((text) => Buffer.from(text));

/** Whether a chunk may hold a line that begins a group. */
export function holdsGroups(data: Buffer): boolean {
  return GROUPS.some((mark) => {
    for (let at = data.indexOf(mark); at !== -1; at = data.indexOf(mark, at + 1))
      if (at === 0 || data[at - 1] === NEW_LINE) return true;
    return false;
  });
}
