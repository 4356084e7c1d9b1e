'use client';
import { Link2, X } from 'lucide-react';
import { stripAnsi } from '@/core/ansi';
import { copyText } from '../../lib/clipboard';
import { formatCount } from '../../lib/format';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { toast, toastProblem } from '../../ui/toast';
import { formatLineRange, type LineRange } from './line-range';
import { readLogLines } from './use-log';

/** Lines that one copy takes at most. */
const MAX_COPIED = 2000;

/** What can be done with the lines that are marked. */
export function RangeBar({
  runId,
  range,
  onClear,
}: {
  runId: string;
  range: LineRange;
  onClear: () => void;
}) {
  const copy = async () => {
    const limit = Math.min(range.to - range.from + 1, MAX_COPIED);
    const { lines } = await readLogLines(runId, { from: range.from - 1, limit });
    const link = new URL(formatLineRange(range), window.location.href).href;
    const text = lines.map((line) => stripAnsi(line.text)).join('\n');
    if (await copyText(`${link}\n\n${text}\n`)) toast.success('Link and text are on the clipboard.');
    else toast.error('The browser refused the clipboard.');
  };
  return (
    <div
      role="toolbar"
      aria-label="Marked lines"
      className="absolute bottom-4 left-4 z-20 flex items-center gap-1 rounded-lg border border-line bg-raised py-1 pr-1 pl-3 text-xs shadow-pop"
    >
      <span className="tabular-nums">
        {range.from === range.to
          ? `Line ${formatCount(range.from)}`
          : `Lines ${formatCount(range.from)} to ${formatCount(range.to)}`}
      </span>
      <Button size="sm" variant="ghost" onClick={() => void copy().catch(toastProblem)}>
        <Link2 aria-hidden /> Copy link and text
      </Button>
      <IconButton label="Clear the mark" size="sm" onClick={onClear}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
