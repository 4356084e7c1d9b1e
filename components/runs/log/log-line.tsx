import { memo, type CSSProperties } from 'react';
import { formatBytes } from '../../lib/format';
import { parseAnsi, type AnsiSegment } from './ansi';
import type { LogLine as Line } from './line-index';

const paint = (color: number | string | undefined): string | undefined =>
  typeof color === 'number' ? `var(--ansi-${color})` : color;

function styleOf(segment: AnsiSegment): CSSProperties | undefined {
  const { color, background, bold, dim, italic, underline, strike, inverse } = segment;
  const style: CSSProperties = {};
  const front = paint(inverse ? (background ?? 'var(--surface)') : color);
  const back = paint(inverse ? (color ?? 'var(--ink)') : background);
  if (front !== undefined) style.color = front;
  if (back !== undefined) {
    style.backgroundColor = back;
    if (front === undefined) style.color = 'var(--surface)';
  }
  if (bold) style.fontWeight = 700;
  if (dim) style.opacity = 0.75;
  if (italic) style.fontStyle = 'italic';
  if (underline || strike)
    style.textDecoration = [underline && 'underline', strike && 'line-through'].filter(Boolean).join(' ');
  return style;
}

export interface LogLineTextProps {
  line: Line;
  /** Text that was searched for, marked; case does not matter. */
  mark?: string;
}

/** The text of a line with its colours. */
export const LogLineText = memo(function LogLineText({ line, mark }: LogLineTextProps) {
  const segments = parseAnsi(line.text);
  return (
    <>
      {segments.map((segment, index) => (
        <span key={index} style={styleOf(segment)}>
          {mark === undefined ? segment.text : marked(segment.text, mark)}
        </span>
      ))}
      {line.cutBytes > 0 && (
        <span className="ml-2 rounded bg-warn-soft px-1 text-warn">
          … {formatBytes(line.cutBytes)} more; whole in the raw download
        </span>
      )}
    </>
  );
});

function marked(text: string, mark: string) {
  const wanted = mark.toLowerCase();
  const lower = text.toLowerCase();
  const pieces = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    if (at > from) pieces.push(text.slice(from, at));
    pieces.push(
      <mark key={at} className="rounded-[2px] bg-warn-soft text-warn ring-1 ring-warn">
        {text.slice(at, at + wanted.length)}
      </mark>,
    );
    from = at + wanted.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
