'use client';
import { CircleAlert } from 'lucide-react';
import { createContext, use, useId, useMemo, type ReactNode } from 'react';
import { cn } from '../lib/cn';

interface FieldState {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}
const FieldContext = createContext<FieldState | null>(null);

/** Ids and ARIA attributes for the control of the surrounding `Field`; a control's own props win. */
export function useFieldProps() {
  const field = use(FieldContext);
  if (field === null) return {};
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
    'aria-required': field.required || undefined,
  } as const;
}

export interface FieldProps {
  label: ReactNode;
  /** Said under the control while there is no error. */
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  /** Marks a field that may stay empty, where most others may not. */
  optional?: boolean;
  /** The label is read out but not shown. */
  hideLabel?: boolean;
  /** At the right end of the label's line (a reset button, a counter). */
  aside?: ReactNode;
  /** For groups (radio cards, check lists): the label names a group instead of one control. */
  group?: boolean;
  className?: string;
  children: ReactNode;
}

/** Label, control, hint and error, tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  required = false,
  optional = false,
  hideLabel = false,
  aside,
  group = false,
  className,
  children,
}: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = error !== undefined ? errorId : hint !== undefined ? hintId : undefined;
  const state = useMemo(
    () => ({ id, describedBy: described, invalid: error !== undefined, required }),
    [id, described, error, required],
  );
  const text = (
    <>
      {label}
      {required && (
        <span className="text-danger" aria-hidden>
          {' *'}
        </span>
      )}
      {optional && <span className="font-normal text-faint"> (optional)</span>}
    </>
  );
  const labelClass = 'text-sm font-medium text-ink';
  return (
    <div
      className={cn('flex min-w-0 flex-col gap-1.5', className)}
      {...(group ? { role: 'group', 'aria-labelledby': `${id}-label`, 'aria-describedby': described } : {})}
    >
      <div className={cn('flex items-baseline justify-between gap-2', hideLabel && 'sr-only')}>
        {group ? (
          <span id={`${id}-label`} className={labelClass}>
            {text}
          </span>
        ) : (
          <label id={`${id}-label`} htmlFor={id} className={labelClass}>
            {text}
          </label>
        )}
        {aside}
      </div>
      <FieldContext value={group ? null : state}>{children}</FieldContext>
      {error !== undefined ? (
        <p id={errorId} className="flex items-start gap-1.5 text-xs text-danger" role="alert">
          <CircleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{error}</span>
        </p>
      ) : (
        hint !== undefined && (
          <p id={hintId} className="text-xs text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  );
}
