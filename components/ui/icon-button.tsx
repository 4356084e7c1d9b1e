import type { VariantProps } from 'class-variance-authority';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '../lib/cn';
import { buttonStyle } from './button';
import { Tooltip } from './tooltip';

export interface IconButtonProps
  extends Omit<ComponentProps<'button'>, 'children'>, VariantProps<typeof buttonStyle> {
  /** What it does: the accessible name and the tooltip. */
  label: string;
  /** Shown in the tooltip, as `Kbd` takes it: `g q`, `mod+k`. */
  shortcut?: string;
  children: ReactNode;
}

/** A square button with an icon only. */
export function IconButton({
  label,
  shortcut,
  className,
  variant = 'ghost',
  size = 'md',
  type = 'button',
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={label}
        className={cn(
          buttonStyle({ variant, size }),
          'aspect-square px-0',
          size === 'sm' ? 'w-7' : size === 'lg' ? 'w-10' : 'w-8',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
