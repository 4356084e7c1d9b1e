'use client';
import { RadioGroup as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';

export interface RadioCard<T extends string = string> {
  value: T;
  title: ReactNode;
  description?: ReactNode;
  icon?: ReactNode;
  /** At the right of the title (a badge). */
  aside?: ReactNode;
  disabled?: boolean;
}
export interface RadioCardsProps<T extends string = string> {
  value: T | undefined;
  onValueChange: (value: T) => void;
  options: readonly RadioCard<T>[];
  /** Accessible name of the group. */
  label: string;
  className?: string;
}

/** Choice of one, each option a card. Arrow keys move. Lay the columns out by `className`. */
export function RadioCards<T extends string>({
  value,
  onValueChange,
  options,
  label,
  className,
}: RadioCardsProps<T>) {
  return (
    <Radix.Root
      value={value ?? ''}
      onValueChange={(next) => onValueChange(next as T)}
      aria-label={label}
      className={cn('grid gap-2 sm:grid-cols-2 lg:grid-cols-3', className)}
    >
      {options.map((option) => (
        <Radix.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled}
          className="group flex items-start gap-2.5 rounded-lg border border-line-strong bg-surface p-3 text-left transition-colors duration-(--speed) enabled:hover:bg-hover disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:shadow-[inset_0_0_0_1px_var(--accent)]"
        >
          {option.icon !== undefined && (
            <span className="mt-0.5 text-muted group-data-[state=checked]:text-accent-ink [&_svg]:size-4">
              {option.icon}
            </span>
          )}
          <span className="min-w-0 flex-1">
            <span className="flex items-center justify-between gap-2 font-medium">
              {option.title}
              {option.aside}
            </span>
            {option.description !== undefined && (
              <span className="mt-0.5 block text-xs text-muted">{option.description}</span>
            )}
          </span>
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
