import { cn } from '../lib/cn';

/** A boat on its slipway, about to enter the water. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={cn('size-7', className)}>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeLinecap="round" strokeLinejoin="round">
        <g transform="rotate(14 16 16)">
          <path d="M15.6 5.6v9.6" strokeWidth="1.8" />
          <path d="M15.6 6.2l6.4 7.4h-6.4z" fill="var(--on-accent)" strokeWidth="1.2" />
          <path
            d="M7.2 15.6h17.4l-2.2 3.6a2 2 0 0 1-1.7 1H11.1a2 2 0 0 1-1.7-1z"
            fill="var(--on-accent)"
            strokeWidth="1.4"
          />
        </g>
        <path d="M4.5 20.4 27.5 26" strokeWidth="2" opacity="0.75" />
      </g>
    </svg>
  );
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-2 text-base font-semibold tracking-tight', className)}>
      <LogoMark />
      Slipway
    </span>
  );
}
