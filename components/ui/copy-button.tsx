'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/clipboard';
import { Button, type ButtonProps } from './button';
import { IconButton } from './icon-button';

export interface CopyButtonProps {
  /** What is copied, or how to get it at the moment of the click. */
  text: string | (() => string);
  /** What is copied, in words: "Copy command". */
  label?: string;
  /** With the label as visible text instead of the icon alone. */
  showLabel?: boolean;
  size?: 'sm' | 'md';
  variant?: ButtonProps['variant'];
  className?: string;
}

/** Copies a text; the icon turns into a tick for a moment, which is read out too. */
export function CopyButton({
  text,
  label = 'Copy',
  showLabel = false,
  size = 'md',
  variant,
  className,
}: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void copyText(typeof text === 'string' ? text : text()).then(setCopied);
  };
  const icon = copied ? <Check className="text-ok" aria-hidden /> : <Copy aria-hidden />;
  return (
    <>
      {showLabel ? (
        <Button size={size} variant={variant} className={className} onClick={copy}>
          {icon} {copied ? 'Copied' : label}
        </Button>
      ) : (
        <IconButton
          label={copied ? 'Copied' : label}
          size={size}
          variant={variant ?? 'ghost'}
          className={className}
          onClick={copy}
        >
          {icon}
        </IconButton>
      )}
      <span className="sr-only" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}
