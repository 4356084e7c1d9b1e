'use client';
import { Checkbox } from '../ui/checkbox';
import { Field } from '../ui/field';
import { Skeleton } from '../ui/skeleton';
import { Button } from '../ui/button';

export interface QueuePickerProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  /** undefined while they are loading. */
  queues: readonly string[] | undefined;
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Choice of several queues. */
export function QueuePicker({ label, hint, error, queues, value, onChange }: QueuePickerProps) {
  if (queues === undefined) return <Skeleton className="h-24 w-full" />;
  const all = queues.length > 0 && queues.every((queue) => value.includes(queue));
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      group
      aside={
        queues.length > 1 && (
          <Button variant="ghost" size="sm" onClick={() => onChange(all ? [] : [...queues])}>
            {all ? 'None' : 'All'}
          </Button>
        )
      }
    >
      <div className="max-h-56 overflow-y-auto rounded-md border border-line-strong bg-surface p-2">
        {queues.length === 0 && (
          <p className="px-1 py-1 text-sm text-muted">There is no queue yet; create one first.</p>
        )}
        {queues.map((queue) => (
          <Checkbox
            key={queue}
            label={<span className="break-all">{queue}</span>}
            checked={value.includes(queue)}
            onCheckedChange={(checked) =>
              onChange(checked === true ? [...value, queue] : value.filter((each) => each !== queue))
            }
            className="rounded px-1 py-1"
          />
        ))}
      </div>
    </Field>
  );
}
