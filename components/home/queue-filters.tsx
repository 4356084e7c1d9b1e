'use client';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
// Not from the index: the checks there bring the schemas with them, which the first load can do without.
import { RESOURCE_INFO } from '@/core/queue-config/resources';
import type { QueueFilter } from '../queues/queries';
import { setSearchParams, useSearchParam } from '../lib/search-param';
import { Button } from '../ui/button';
import { FilterMenu } from '../ui/filter-menu';
import { Input } from '../ui/input';
import { Kbd } from '../ui/kbd';
import { QUEUE_STATE_LOOK } from '../ui/state-badge';

export interface QueueFilterState {
  text: string;
  resource: string;
  state: string;
  /** What the server is asked for: the text a moment after it was typed. */
  query: QueueFilter;
  set: Record<'text' | 'resource' | 'state', (value: string) => void>;
  active: boolean;
  clear: () => void;
}

/** How long nothing must be typed before the server is asked, milliseconds. */
const QUIET_MS = 200;

/** Filters of the list; in the address. */
export function useQueueFilters(): QueueFilterState {
  const [address, setAddress] = useSearchParam('q');
  // The address follows what is typed, a moment later: an input that waited for it would lose keys.
  const [text, setTyped] = useState(address);
  const [settled, setSettled] = useState(address);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const setText = (value: string) => {
    setTyped(value);
    setAddress(value);
  };
  const [resource, setResource] = useSearchParam('resource');
  const [state, setState] = useSearchParam('state');
  const given = (value: string) => (value === '' ? undefined : value);
  return {
    text,
    resource,
    state,
    // A filter in an old link that means nothing any more is passed over rather than refused.
    query: {
      q: given(settled.trim()),
      resource: RESOURCES.some(({ value }) => value === resource) ? resource : undefined,
      state: STATES.some(({ value }) => value === state) ? state : undefined,
    },
    set: { text: setText, resource: setResource, state: setState },
    active: text !== '' || resource !== '' || state !== '',
    clear: () => {
      setTyped('');
      setSettled('');
      setSearchParams({ q: '', resource: '', state: '' });
    },
  };
}

const RESOURCES = Object.values(RESOURCE_INFO).map(({ id, label }) => ({ value: id, label }));
const STATES = Object.entries(QUEUE_STATE_LOOK).map(([value, { label }]) => ({ value, label }));

export function QueueFilters({ filters }: { filters: QueueFilterState }) {
  return (
    <div role="search" aria-label="Queues" className="mb-3 flex flex-wrap gap-2">
      <Input
        icon={<Search aria-hidden />}
        suffix={<Kbd keys="/" className="pr-1" />}
        aria-label="Search the queues by name or description"
        placeholder="Search queues"
        value={filters.text}
        onChange={(event) => filters.set.text(event.target.value)}
        className="w-64 max-sm:w-full"
        data-search
      />
      <FilterMenu
        label="Resource"
        value={filters.resource}
        onValueChange={filters.set.resource}
        options={RESOURCES}
      />
      <FilterMenu label="State" value={filters.state} onValueChange={filters.set.state} options={STATES} />
      {filters.active && (
        <Button variant="ghost" onClick={filters.clear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
