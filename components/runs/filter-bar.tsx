'use client';
import { useQuery } from '@tanstack/react-query';
import { Filter, Search, X } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { failureCategorySchema, RUN_STATES, type RunFilter } from '@/core/wire';
import { formatLocal } from '../lib/format';
import { useShortcut } from '../lib/shortcuts';
import { queueQueries } from '../queues/queries';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { FilterMenu } from '../ui/filter-menu';
import { Input } from '../ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '../ui/popover';
import { Select } from '../ui/select';
import { RUN_STATE_LOOK } from '../ui/state-badge';
import { explainFailure } from './failure-advice';

const ANY = 'any';
/** Pause after the last keystroke before the address and with it the list follow, milliseconds. */
const TYPING_MS = 250;
/** Filters that are typed; each matches the whole name. */
const TYPED = [
  { key: 'author', label: 'Author' },
  { key: 'project', label: 'Project' },
  { key: 'job', label: 'Job' },
  { key: 'label', label: 'Label' },
] as const;

export interface FilterBarProps {
  entity: string;
  filter: RunFilter;
  onChange: (changes: Partial<Record<keyof RunFilter, string>>) => void;
  onClear: () => void;
}

/** The filters of the runs of an entity. */
export function FilterBar({ entity, filter, onChange, onClear }: FilterBarProps) {
  const queues = useQuery(queueQueries.list(entity));
  const [more, setMore] = useState(false);
  useShortcut({ keys: 'f', description: 'More filters', group: 'Runs' }, () => setMore(true));
  const active = TYPED.filter(({ key }) => filter[key] !== undefined);
  return (
    <>
      <TypedInput
        search
        label="Search by name or id"
        placeholder="Name or id"
        value={filter.q ?? ''}
        onChange={(q) => onChange({ q })}
        className="w-56 max-sm:w-full"
      />
      <Select
        aria-label="State"
        className="w-36"
        value={filter.state ?? ANY}
        onValueChange={(value) => onChange({ state: value === ANY ? '' : value })}
        options={[
          { value: ANY, label: 'Any state' },
          { value: 'active', label: 'Not ended' },
          ...RUN_STATES.map((state) => ({ value: state, label: RUN_STATE_LOOK[state].label })),
        ]}
      />
      <Select
        aria-label="Queue"
        className="w-40"
        value={filter.queue ?? ANY}
        onValueChange={(value) => onChange({ queue: value === ANY ? '' : value })}
        options={[
          { value: ANY, label: 'Any queue' },
          ...(queues.data ?? []).map((queue) => ({ value: queue.name, label: queue.name })),
        ]}
      />
      <FilterMenu
        label="Failure"
        value={filter.category ?? ''}
        onValueChange={(category) => onChange({ category })}
        options={failureCategorySchema.options.map((value) => ({
          value,
          label: explainFailure(value).title,
        }))}
      />
      <Popover open={more} onOpenChange={setMore}>
        <PopoverTrigger asChild>
          <Button className={active.length > 0 ? 'border-accent bg-accent-soft text-accent-ink' : undefined}>
            <Filter aria-hidden /> More{active.length > 0 && ` · ${active.length}`}
          </Button>
        </PopoverTrigger>
        <PopoverContent align="start" aria-label="More filters" className="flex w-64 flex-col gap-3">
          {TYPED.map(({ key, label }) => (
            <Field key={key} label={label}>
              <TypedInput
                label={label}
                value={filter[key] ?? ''}
                onChange={(value) => onChange({ [key]: value })}
              />
            </Field>
          ))}
        </PopoverContent>
      </Popover>
      {(filter.from !== undefined || filter.to !== undefined) && (
        <Button
          className="border-accent bg-accent-soft text-accent-ink"
          onClick={() => onChange({ from: '', to: '' })}
        >
          <span className="tabular-nums" suppressHydrationWarning>
            {filter.from === undefined ? '…' : formatLocal(filter.from).slice(5, 16)} to{' '}
            {filter.to === undefined ? 'now' : formatLocal(filter.to).slice(5, 16)}
          </span>
          <X aria-label="Take the range out" />
        </Button>
      )}
      {Object.keys(filter).length > 0 && (
        <Button variant="ghost" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </>
  );
}

function TypedInput({
  label,
  value,
  onChange,
  search = false,
  placeholder,
  className,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  search?: boolean;
  placeholder?: string;
  className?: string;
}) {
  const [typed, setTyped] = useState(value);
  const follow = useEffectEvent((text: string) => text !== value && onChange(text));
  useEffect(() => {
    const timer = setTimeout(() => follow(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Input
      {...(search ? { icon: <Search aria-hidden />, 'data-search': true } : {})}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      className={className}
    />
  );
}
