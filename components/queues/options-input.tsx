'use client';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button';
import { useFieldProps } from '../ui/field';
import { Input } from '../ui/input';

/** Values that are shown at first, and with each press of the button after them: a tile may have a thousand. */
const SHOWN = 50;
const MORE = 200;

export interface OptionsInputProps {
  value: readonly string[];
  onChange: (options: string[]) => void;
  disabled?: boolean;
}

/** A list of allowed values: Enter or the button adds one, a paste of several lines adds all, Backspace in the empty box takes the last away. */
export function OptionsInput({ value, onChange, disabled = false }: OptionsInputProps) {
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(SHOWN);
  const field = useFieldProps();
  const add = (texts: string[]) => {
    const fresh = texts.map((text) => text.trim()).filter((text) => text !== '');
    if (fresh.length > 0) onChange([...new Set([...value, ...fresh])]);
    setTyped('');
  };
  return (
    <div className="flex flex-col gap-1.5">
      {value.length > 0 && (
        <ul className="flex max-h-40 flex-wrap gap-1 overflow-y-auto" aria-label="Allowed values">
          {value.slice(0, shown).map((option) => (
            <li
              key={option}
              className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-md border border-line-strong bg-sunken pl-2 font-mono text-xs"
            >
              <span className="truncate">{option}</span>
              <button
                type="button"
                aria-label={`Remove ${option}`}
                disabled={disabled}
                onClick={() => onChange(value.filter((each) => each !== option))}
                className="grid size-6 place-items-center rounded-r-md text-faint hover:bg-hover hover:text-ink"
              >
                <X className="size-3" aria-hidden />
              </button>
            </li>
          ))}
          {value.length > shown && (
            <li>
              <Button size="sm" variant="ghost" onClick={() => setShown(shown + MORE)}>
                {(value.length - shown).toLocaleString('en-US')} more
              </Button>
            </li>
          )}
        </ul>
      )}
      <div className="flex gap-1.5">
        <Input
          {...field}
          mono
          value={typed}
          disabled={disabled}
          placeholder="Add a value…"
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => add([typed])}
          onPaste={(event) => {
            const lines = event.clipboardData.getData('text').split(/\r?\n/);
            if (lines.length < 2) return;
            event.preventDefault();
            add(lines);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              add([typed]);
            } else if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1));
          }}
        />
        <Button
          size="md"
          disabled={disabled || typed.trim() === ''}
          onClick={() => add([typed])}
          aria-label="Add the value"
        >
          <Plus aria-hidden /> Add
        </Button>
      </div>
    </div>
  );
}
