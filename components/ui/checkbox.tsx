'use client';
import { Check, Minus } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { cn } from '../lib/cn';
import { useFieldProps } from './field';

export interface CheckboxProps extends Omit<ComponentProps<typeof Radix.Root>, 'children'> {
  /** Text beside the box; without it give an `aria-label`. */
  label?: ReactNode;
  description?: ReactNode;
}

/** A tick box: `checked` is true, false or `indeterminate`. */
export function Checkbox({ className, label, description, id, ...rest }: CheckboxProps) {
  const own = useId();
  const field = useFieldProps();
  const boxId = id ?? field.id ?? own;
  const box = (
    <Radix.Root
      {...field}
      id={boxId}
      className={cn(
        'grid size-4 shrink-0 place-items-center rounded-[4px] border border-control bg-surface transition-colors duration-(--speed) data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:opacity-55',
        label === undefined && className,
      )}
      {...rest}
    >
      <Radix.Indicator className="text-on-accent">
        {rest.checked === 'indeterminate' ? (
          <Minus className="size-3" strokeWidth={3} aria-hidden />
        ) : (
          <Check className="size-3" strokeWidth={3} aria-hidden />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
  if (label === undefined) return box;
  return (
    <div className={cn('flex items-start gap-2', className)}>
      <span className="flex h-5 items-center">{box}</span>
      <label htmlFor={boxId} className="min-w-0 text-sm">
        {label}
        {description !== undefined && <span className="block text-xs text-muted">{description}</span>}
      </label>
    </div>
  );
}
