'use client';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';
import { overlayStyle } from './dialog';
import { CloseButton, focusContent } from './close-button';

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Beside the title, before the close button. */
  actions?: ReactNode;
  footer?: ReactNode;
  /** Width from 640 px on: md 28 rem, lg 42 rem, xl 72 rem. Below it the sheet fills the screen. */
  size?: 'md' | 'lg' | 'xl';
  side?: 'right' | 'left';
  /** The content does its own padding and scrolling. */
  flush?: boolean;
  children: ReactNode;
}
const widths = { md: 'sm:w-112', lg: 'sm:w-168', xl: 'sm:w-288' };

/** A drawer at the side of the page. */
export function Sheet({
  open,
  onOpenChange,
  title,
  description,
  actions,
  footer,
  size = 'md',
  side = 'right',
  flush = false,
  children,
}: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayStyle} />
        <Radix.Content
          onOpenAutoFocus={focusContent}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cn(
            'fixed inset-y-0 z-50 flex w-full max-w-full flex-col bg-raised shadow-pop outline-none sm:max-w-[calc(100vw-3rem)]',
            side === 'right'
              ? 'right-0 border-l border-line animate-slide-in'
              : 'left-0 border-r border-line animate-fade-in',
            widths[size],
          )}
        >
          <header className="flex min-h-14 items-center justify-between gap-3 border-b border-line px-5 py-3">
            <div className="min-w-0">
              <Radix.Title className="truncate text-base font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="truncate text-sm text-muted">{description}</Radix.Description>
              )}
            </div>
            <div className="flex shrink-0 items-center gap-1">
              {actions}
              <Radix.Close asChild>
                <CloseButton />
              </Radix.Close>
            </div>
          </header>
          <div className={cn('min-h-0 flex-1', flush ? 'flex flex-col' : 'overflow-y-auto px-5 py-4')}>
            {children}
          </div>
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line bg-canvas px-5 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
