export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Lines of two texts that are compared; beyond it the answer would take seconds. */
const MAX_LINES = 2000;

/**
 * What changed from one text to another, line by line, by the longest common subsequence. For texts of the length of a submission: beyond
 * 2000 lines all of the old text is removed and all of the new one added.
 */
export function lineDiff(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const line = (kind: DiffLine['kind']) => (text: string) => ({ kind, text });
  if (a.length > MAX_LINES || b.length > MAX_LINES)
    return [...a.map(line('removed')), ...b.map(line('added'))];
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [old, fresh] = [a[i], b[j]];
    if (old !== undefined && fresh !== undefined && old === fresh) {
      lines.push({ kind: 'same', text: old });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: old });
      i++;
    } else {
      lines.push({ kind: 'added', text: fresh ?? '' });
      j++;
    }
  }
  return lines;
}
