'use client';
import { Command } from 'cmdk';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { cn } from '../lib/cn';
import { useFieldProps } from './field';
import { controlStyle } from './input';
import { Popover, PopoverContent, PopoverTrigger } from './popover';

export interface ComboboxOption {
  value: string;
  /** What is shown; the value itself by default. */
  label?: ReactNode;
  description?: ReactNode;
  /** More words that find it. */
  keywords?: string[];
}
export interface ComboboxProps {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly ComboboxOption[];
  placeholder?: string;
  searchPlaceholder?: string;
  empty?: ReactNode;
  /** Text that is not in the list may be taken as it is. */
  allowCustom?: boolean;
  /** When the options are searched elsewhere: called with what is typed, and nothing is filtered here. */
  onSearch?: (text: string) => void;
  'aria-label'?: string;
  disabled?: boolean;
  className?: string;
}

/** Choice of one from a long list, found by typing. */
export function Combobox({
  value,
  onValueChange,
  options,
  placeholder = 'Choose…',
  searchPlaceholder = 'Search…',
  empty = 'Nothing found.',
  allowCustom = false,
  onSearch,
  disabled,
  className,
  ...rest
}: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const chosen = options.find((option) => option.value === value);
  const choose = (next: string) => {
    onValueChange(next);
    setOpen(false);
    setSearch('');
  };
  const itemClass =
    'flex items-start gap-2 rounded-md px-2 py-1.5 text-sm select-none data-[selected=true]:bg-hover';
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <button
          type="button"
          role="combobox"
          aria-expanded={open}
          disabled={disabled}
          {...useFieldProps()}
          {...rest}
          className={cn(
            controlStyle,
            'inline-flex h-8 items-center justify-between gap-2 px-2.5 text-left',
            className,
          )}
        >
          <span className={cn('min-w-0 truncate', value === '' && 'text-faint')}>
            {value === '' ? placeholder : (chosen?.label ?? value)}
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
        </button>
      </PopoverTrigger>
      <PopoverContent className="w-(--radix-popover-trigger-width) min-w-60 p-0" align="start">
        <Command shouldFilter={onSearch === undefined} loop label={rest['aria-label'] ?? placeholder}>
          <Command.Input
            value={search}
            onValueChange={(text) => {
              setSearch(text);
              onSearch?.(text);
            }}
            placeholder={searchPlaceholder}
            className="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
          />
          <Command.List className="max-h-72 overflow-y-auto p-1">
            <Command.Empty className="px-2 py-3 text-sm text-muted">{empty}</Command.Empty>
            {options.map((option) => (
              <Command.Item
                key={option.value}
                value={option.value}
                keywords={option.keywords}
                onSelect={() => choose(option.value)}
                className={itemClass}
              >
                <Check
                  className={cn(
                    'mt-0.5 size-4 shrink-0 text-accent-ink',
                    option.value !== value && 'invisible',
                  )}
                  aria-hidden
                />
                <span className="min-w-0 break-words">
                  {option.label ?? option.value}
                  {option.description !== undefined && (
                    <span className="block text-xs text-muted">{option.description}</span>
                  )}
                </span>
              </Command.Item>
            ))}
            {allowCustom &&
              search.trim() !== '' &&
              !options.some((option) => option.value === search.trim()) && (
                <Command.Item
                  value={search}
                  onSelect={() => choose(search.trim())}
                  className={itemClass}
                  forceMount
                >
                  <span className="size-4 shrink-0" />
                  <span>
                    Use “<span className="font-medium">{search.trim()}</span>”
                  </span>
                </Command.Item>
              )}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
