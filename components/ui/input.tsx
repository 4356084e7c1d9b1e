'use client';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '../lib/cn';
import { useFieldProps } from './field';

export const controlStyle =
  'w-full min-w-0 rounded-md border border-control bg-surface text-sm text-ink transition-colors duration-(--speed) hover:border-muted focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring/50 aria-invalid:border-danger disabled:bg-sunken disabled:text-muted [&:is(input,textarea):read-only]:bg-sunken';

export interface InputProps extends ComponentProps<'input'> {
  /** An icon before the text. */
  icon?: ReactNode;
  /** A unit, button or key hint after the text. */
  suffix?: ReactNode;
  mono?: boolean;
}

/** One line of text. Takes id and ARIA attributes from the `Field` around it. */
export function Input({ className, icon, suffix, mono = false, ...rest }: InputProps) {
  const field = useFieldProps();
  const input = (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...field}
      className={cn(
        controlStyle,
        'h-8 px-2.5',
        mono && 'font-mono text-[13px]',
        icon !== undefined && 'pl-8',
        suffix !== undefined && 'pr-10',
        icon === undefined && suffix === undefined && className,
      )}
      {...rest}
    />
  );
  if (icon === undefined && suffix === undefined) return input;
  return (
    <div className={cn('relative', className)}>
      {icon !== undefined && (
        <span className="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-faint [&_svg]:size-4">
          {icon}
        </span>
      )}
      {input}
      {suffix !== undefined && (
        <span className="absolute inset-y-0 right-1.5 flex items-center text-xs text-muted">{suffix}</span>
      )}
    </div>
  );
}

export interface TextareaProps extends ComponentProps<'textarea'> {
  mono?: boolean;
}

/** Several lines of text. */
export function Textarea({ className, mono = false, rows = 3, ...rest }: TextareaProps) {
  return (
    <textarea
      rows={rows}
      spellCheck={!mono}
      {...useFieldProps()}
      className={cn(
        controlStyle,
        'min-h-8 resize-y px-2.5 py-1.5',
        mono && 'font-mono text-[13px]',
        className,
      )}
      {...rest}
    />
  );
}

export interface NumberInputProps extends Omit<
  ComponentProps<'input'>,
  'value' | 'onChange' | 'type' | 'min' | 'max'
> {
  /** As typed: `''` is empty, and text that is no number yet is kept so that nothing typed gets lost. */
  value: string;
  onValueChange: (text: string) => void;
  min?: number;
  max?: number;
  /** Arrow keys change the value by this much; ten times as much with Shift. */
  step?: number;
  unit?: ReactNode;
}

/** A number typed as text (no surprises from wheel or locale); arrow keys step within the bounds. */
export function NumberInput({
  value,
  onValueChange,
  min,
  max,
  step = 1,
  unit,
  onKeyDown,
  className,
  ...rest
}: NumberInputProps) {
  const nudge = (direction: 1 | -1, factor: number) => {
    const current = Number(value);
    const base =
      value.trim() === '' || Number.isNaN(current)
        ? (min ?? 0) - (direction === 1 ? step * factor : 0)
        : current;
    const next = base + direction * step * factor;
    const bounded = Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next));
    onValueChange(String(Number(bounded.toFixed(10))));
  };
  return (
    <Input
      inputMode={Number.isInteger(step) ? 'numeric' : 'decimal'}
      role="spinbutton"
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={value.trim() === '' || Number.isNaN(Number(value)) ? undefined : Number(value)}
      aria-valuetext={value === '' ? 'empty' : value}
      value={value}
      onChange={(event) => onValueChange(event.target.value)}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        nudge(event.key === 'ArrowUp' ? 1 : -1, event.shiftKey ? 10 : 1);
      }}
      suffix={unit === undefined ? undefined : <span className="pr-1.5">{unit}</span>}
      className={cn('tabular-nums', className)}
      {...rest}
    />
  );
}
