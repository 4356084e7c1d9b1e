'use client';
import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';
import { useFieldProps } from './field';
import { controlStyle } from './input';

export interface SelectOption<T extends string = string> {
  value: T;
  label: ReactNode;
  /** A second, quieter line. */
  description?: ReactNode;
  disabled?: boolean;
}
export interface SelectProps<T extends string = string> {
  /** `undefined`: nothing chosen, the placeholder shows. */
  value: T | undefined;
  onValueChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  placeholder?: string;
  /** The accessible name where no `Field` gives one. */
  'aria-label'?: string;
  disabled?: boolean;
  size?: 'sm' | 'md';
  className?: string;
}

/** Choice of one from a short list. For long lists take `Combobox`. */
export function Select<T extends string>({
  value,
  onValueChange,
  options,
  placeholder = 'Choose…',
  disabled,
  size = 'md',
  className,
  ...rest
}: SelectProps<T>) {
  return (
    <Radix.Root value={value ?? ''} onValueChange={(next) => onValueChange(next as T)} disabled={disabled}>
      <Radix.Trigger
        {...useFieldProps()}
        {...rest}
        className={cn(
          controlStyle,
          'inline-flex items-center justify-between gap-2 px-2.5 text-left data-placeholder:text-faint',
          size === 'sm' ? 'h-7 text-xs' : 'h-8',
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown className="size-4 shrink-0 text-faint" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-[60] max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-lg border border-line bg-raised p-1 shadow-pop animate-pop-in"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="flex items-start gap-2 rounded-md py-1.5 pr-3 pl-2 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover"
              >
                <span className="mt-0.5 size-4 shrink-0 text-accent-ink">
                  <Radix.ItemIndicator>
                    <Check className="size-4" aria-hidden />
                  </Radix.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.description !== undefined && (
                    <span className="block text-xs text-muted">{option.description}</span>
                  )}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
