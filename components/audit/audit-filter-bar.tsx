'use client';
import { useDeferredText } from '../lib/deferred-text';
import { Button } from '../ui/button';
import { FilterMenu } from '../ui/filter-menu';
import { Input } from '../ui/input';
import { ACTION_GROUPS, RANGES, type AuditFilterState } from './filters';

/** Narrows the log down; `/` goes to the first field. */
export function AuditFilterBar({ filters }: { filters: AuditFilterState }) {
  const { action, range, set } = filters;
  const [actor, setActor] = useDeferredText(filters.actor, (value) => set({ actor: value }));
  const [target, setTarget] = useDeferredText(filters.target, (value) => set({ target: value }));
  const known = ACTION_GROUPS.some(({ value }) => value === action);
  const actions =
    action === '' || known ? ACTION_GROUPS : [...ACTION_GROUPS, { value: action, label: action }];
  return (
    <div role="search" aria-label="Filter the audit log" className="mb-3 flex flex-wrap items-center gap-2">
      <Input
        data-search
        className="w-48 max-sm:w-full"
        aria-label="Who"
        placeholder="Who"
        value={actor}
        maxLength={200}
        onChange={(event) => setActor(event.target.value)}
      />
      <Input
        className="w-48 max-sm:w-full"
        aria-label="Changed what"
        placeholder="Name of queue, token, …"
        value={target}
        maxLength={200}
        onChange={(event) => setTarget(event.target.value)}
      />
      <FilterMenu
        label="Action"
        value={action}
        onValueChange={(value) => set({ action: value })}
        options={actions}
      />
      <FilterMenu
        label="Time"
        value={range}
        onValueChange={(value) => set({ range: value })}
        options={RANGES}
      />
      {filters.some && (
        <Button variant="ghost" onClick={filters.clear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
