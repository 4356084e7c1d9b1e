'use client';
import { ChevronDown } from 'lucide-react';
import { cn } from '../lib/cn';
import { buttonStyle } from './button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from './dropdown-menu';

export interface FilterMenuProps {
  /** What is filtered: "Resource". */
  label: string;
  /** `''`: any. */
  value: string;
  onValueChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}

/** A filter of a list with few values; shows what it is set to. */
export function FilterMenu({ label, value, onValueChange, options }: FilterMenuProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        className={cn(buttonStyle(), chosen !== undefined && 'border-accent bg-accent-soft text-accent-ink')}
      >
        <span className={chosen === undefined ? 'text-muted' : undefined}>{label}</span>
        {chosen !== undefined && <span className="font-medium">{chosen.label}</span>}
        <ChevronDown aria-hidden className="text-faint" />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        <DropdownMenuRadioGroup value={value} onValueChange={onValueChange}>
          <DropdownMenuRadioItem value="">Any</DropdownMenuRadioItem>
          {options.map((option) => (
            <DropdownMenuRadioItem key={option.value} value={option.value}>
              {option.label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
