import { X } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '../lib/cn';
import { buttonStyle } from './button';

/** Closes a dialog or drawer. Without a tooltip: an open one would take the Esc that is meant for the dialog. */
export function CloseButton({ className, ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      aria-label="Close"
      className={cn(buttonStyle({ variant: 'ghost', size: 'sm' }), '-mr-1.5 w-7 px-0', className)}
      {...rest}
    >
      <X aria-hidden />
    </button>
  );
}

/**
 * Where a dialog has no field with `autoFocus`, it takes the focus itself, so that it is read out from its title and Esc works at once;
 * the default would be its first button, which is Close.
 */
export function focusContent(event: Event): void {
  event.preventDefault();
  (event.currentTarget as HTMLElement).focus();
}
