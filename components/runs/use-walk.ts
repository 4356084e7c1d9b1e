'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { RunSummary } from '@/core/wire';
import { useShortcut } from '../lib/shortcuts';

export interface WalkOptions {
  runs: readonly Pick<RunSummary, 'id'>[];
  /** Id of the run that is peeked at; `''` for none. */
  peek: string;
  onPeek: (id: string) => void;
  selected: ReadonlySet<string>;
  /** Absent for those who may not select. */
  onSelect?: (selected: ReadonlySet<string>) => void;
}

/** Keys of a list of runs: j and k walk, Enter opens, Space peeks, x selects, Shift x selects up to here. */
export function useWalk({ runs, peek, onPeek, selected, onSelect }: WalkOptions) {
  const router = useRouter();
  const [cursor, setCursor] = useState<string>();
  const [anchor, setAnchor] = useState<string>();
  const at = runs.findIndex((run) => run.id === (peek === '' ? cursor : peek));
  const current = runs[at]?.id;
  const walk = (by: 1 | -1) => {
    const next = runs[at === -1 ? 0 : Math.max(0, Math.min(runs.length - 1, at + by))];
    if (!next) return;
    setCursor(next.id);
    if (peek !== '') onPeek(next.id);
  };
  const group = 'Runs';
  useShortcut({ keys: 'j', description: 'Next run', group }, () => walk(1));
  useShortcut({ keys: 'k', description: 'Run before', group }, () => walk(-1));
  useShortcut(
    { keys: 'enter', description: 'Open the run', group },
    () => current !== undefined && router.push(`/runs/${current}`),
    { enabled: current !== undefined },
  );
  useShortcut(
    { keys: 'space', description: 'Peek at the run', group },
    () => onPeek(peek === '' ? (current ?? runs[0]?.id ?? '') : ''),
    { enabled: runs.length > 0 },
  );
  useShortcut({ keys: 'escape', description: 'Close the peek', group }, () => onPeek(''), {
    enabled: peek !== '',
  });
  const select = (range: boolean) => {
    if (current === undefined || !onSelect) return;
    const from = range ? runs.findIndex((run) => run.id === anchor) : -1;
    const next = new Set(selected);
    if (from >= 0) for (const run of runs.slice(Math.min(from, at), Math.max(from, at) + 1)) next.add(run.id);
    else if (!next.delete(current)) next.add(current);
    setAnchor(current);
    onSelect(next);
  };
  useShortcut({ keys: 'x', description: 'Select the run', group }, () => select(false), {
    enabled: onSelect !== undefined,
  });
  useShortcut({ keys: 'shift+x', description: 'Select up to this run', group }, () => select(true), {
    enabled: onSelect !== undefined,
  });
  return { cursor: current, walk };
}
