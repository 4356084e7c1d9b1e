'use client';
import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../lib/cn';

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;

/** A small floating panel tied to its trigger. */
export function PopoverContent({
  className,
  sideOffset = 4,
  align = 'center',
  ...rest
}: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align={align}
        sideOffset={sideOffset}
        collisionPadding={8}
        className={cn(
          'z-[60] rounded-lg border border-line bg-raised p-3 text-sm shadow-pop outline-none animate-pop-in',
          className,
        )}
        {...rest}
      />
    </Radix.Portal>
  );
}
