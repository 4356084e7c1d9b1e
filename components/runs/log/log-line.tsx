'use client';
import { memo, useState, type CSSProperties } from 'react';
import { parseAnsi, type AnsiSegment } from '@/core/ansi';
import { path, send } from '../../lib/api';
import { formatBytes, formatCount } from '../../lib/format';
import type { LogRow } from './log-pages';
import { withoutSource } from './without-source';

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
  runId: string;
  line: LogRow;
  /** Text that was searched for, marked; case does not matter. */
  mark?: string;
  /** The writer is shown beside the line. */
  sourceShown: boolean;
}

/** The text of a line with its colours; of a very long one the beginning, and the rest on demand. */
export const LogLineText = memo(function LogLineText({ runId, line, mark, sourceShown }: LogLineTextProps) {
  const [whole, setWhole] = useState<string>();
  const text = whole ?? line.text;
  return (
    <>
      {parseAnsi(sourceShown ? withoutSource(text, line.source) : text).map((segment, index) => (
        <span key={index} style={styleOf(segment)}>
          {mark === undefined ? segment.text : marked(segment.text, mark)}
        </span>
      ))}
      {line.redraws > 0 && (
        <span className="ml-2 rounded bg-neutral-soft px-1 font-sans text-2xs text-muted select-none">
          drawn {formatCount(line.redraws + 1)} times
        </span>
      )}
      {line.cutBytes > 0 && whole === undefined && (
        <button
          type="button"
          className="ml-2 rounded bg-warn-soft px-1 font-sans text-warn underline select-none"
          onClick={() => void wholeLine(runId, line).then(setWhole, () => undefined)}
        >
          … {formatBytes(line.cutBytes)} more: show all
        </button>
      )}
    </>
  );
});

/** At most this much of one line is drawn; more than that freezes browsers. */
const MAX_WHOLE_BYTES = 4 * 1024 * 1024;

async function wholeLine(runId: string, { offset, bytes }: LogRow): Promise<string> {
  const response = await send('GET', `${path('runs', runId)}/logs`, undefined, {
    query: { offset, limit: Math.min(bytes, MAX_WHOLE_BYTES) },
    headers: { accept: 'text/plain' },
  });
  const text = await response.text();
  return text.slice(text.trimEnd().lastIndexOf('\r') + 1);
}

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
