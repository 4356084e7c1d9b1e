import type { ReactNode } from 'react';
import { cn } from '../lib/cn';
import { CopyButton } from './copy-button';

export interface CodeBlockProps {
  /** What is copied, and shown unless there are children. */
  code: string;
  label?: string;
  /** Breaks long lines instead of scrolling. */
  wrap?: boolean;
  /** The code with marks in it. */
  children?: ReactNode;
  className?: string;
}

/** Code or a command, with a copy button. */
export function CodeBlock({ code, label = 'Copy', wrap = false, children, className }: CodeBlockProps) {
  return (
    <div className={cn('group/code relative rounded-md border border-line bg-sunken', className)}>
      <pre
        tabIndex={0}
        className={cn(
          'max-h-[60dvh] overflow-auto p-3 pr-12 font-mono text-[13px] leading-5 text-ink',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        <code>{children ?? code}</code>
      </pre>
      <CopyButton text={code} label={label} size="sm" className="absolute top-2 right-2 bg-sunken" />
    </div>
  );
}
