'use client';
import { useSyncExternalStore } from 'react';
import { cn } from '../lib/cn';

const never = () => () => undefined;
const isMac = () => /mac|iphone|ipad/i.test(navigator.platform);
const names: Record<string, string> = {
  enter: '↵',
  shift: '⇧',
  esc: 'Esc',
  escape: 'Esc',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
};

/** Keys as a person reads them: `mod+k` is ⌘K or Ctrl K; `g q` is two keys one after the other. */
export function Kbd({
  keys,
  inverted = false,
  className,
}: {
  keys: string;
  inverted?: boolean;
  className?: string;
}) {
  const mac = useSyncExternalStore(never, isMac, () => false);
  const caps = keys.split(/[ +]/).filter(Boolean);
  return (
    <kbd className={cn('inline-flex items-center gap-0.5 font-sans', className)}>
      {caps.map((cap, index) => (
        <span
          key={index}
          className={cn(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-[4px] border px-1 text-2xs leading-none font-medium',
            inverted ? 'border-canvas/30 text-canvas' : 'border-line-strong bg-surface text-muted',
          )}
        >
          {cap === 'mod'
            ? mac
              ? '⌘'
              : 'Ctrl'
            : (names[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap))}
        </span>
      ))}
    </kbd>
  );
}
