/** Lines that a link points at, both counting from 1. */
export interface LineRange {
  from: number;
  to: number;
}

const HASH = /^#?L(\d{1,9})(?:-L?(\d{1,9}))?$/;

/** `#L10-L20` or `#L7`; undefined for any other fragment. */
export function parseLineRange(hash: string): LineRange | undefined {
  const match = HASH.exec(hash);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (first === 0 || last === 0) return undefined;
  return { from: Math.min(first, last), to: Math.max(first, last) };
}

export const formatLineRange = ({ from, to }: LineRange): string =>
  from === to ? `#L${from}` : `#L${from}-L${to}`;
