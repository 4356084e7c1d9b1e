'use client';
import { Switch as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../lib/cn';
import { useFieldProps } from './field';

export type SwitchProps = ComponentProps<typeof Radix.Root>;

/** On or off, in force at once or when the form is sent. `checked`, `onCheckedChange`. */
export function Switch({ className, ...rest }: SwitchProps) {
  return (
    <Radix.Root
      {...useFieldProps()}
      className={cn(
        'inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-control bg-sunken transition-colors duration-(--speed) data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-55',
        className,
      )}
      {...rest}
    >
      <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-control transition-transform duration-(--speed) data-[state=checked]:translate-x-[1.125rem] data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
