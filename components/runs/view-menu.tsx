'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, Columns3, Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Page, RunFilter, RunView } from '@/core/wire';
import { api, path, toProblem } from '../lib/api';
import { setSearchParams } from '../lib/search-param';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Dialog } from '../ui/dialog';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { ErrorCard } from '../ui/error-card';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '../ui/popover';
import { toast, toastProblem } from '../ui/toast';
import { DEFAULT_COLUMNS, RUN_COLUMNS } from './run-columns';
import { writeFilter } from './run-filter';

const viewsPath = (entity: string) => `${path('entities', entity)}/run-views`;

/** The saved views of an entity. */
export const useRunViews = (entity: string) =>
  useQuery({
    queryKey: ['entity', entity, 'run-views'],
    queryFn: ({ signal }) => api.get<Page<RunView>>(viewsPath(entity), { signal }),
    select: (page) => page.items,
  });

export interface ViewMenuProps {
  entity: string;
  views: readonly RunView[];
  /** Name of the view that the address names. */
  current: string;
  filter: RunFilter;
  columns: readonly string[];
  maySave: boolean;
}

/** Opens saved views, saves what is looked at. A view has an address of its own: `?view=NAME`. */
export function ViewMenu({ entity, views, current, filter, columns, maySave }: ViewMenuProps) {
  const client = useQueryClient();
  const [naming, setNaming] = useState<string>();
  const renew = () => client.invalidateQueries({ queryKey: ['entity', entity, 'run-views'] });
  const save = useMutation({
    mutationFn: (name: string) => api.put<RunView>(viewsPath(entity), { name, filter, columns }),
    onSuccess: async (view) => {
      await renew();
      setNaming(undefined);
      open(view);
      toast.success(`The view “${view.name}” is saved.`);
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`${viewsPath(entity)}/${encodeURIComponent(id)}`),
    onSuccess: async () => {
      await renew();
      setSearchParams({ view: '' });
    },
    onError: toastProblem,
  });
  const open = (view: RunView) =>
    setSearchParams({ ...writeFilter({}), columns: '', view: view.name }, 'push');
  const own = views.find((view) => view.name === current);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button>
            <Bookmark aria-hidden />
            <span className="max-w-40 truncate">{current === '' ? 'Views' : current}</span>
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start">
          <DropdownMenuLabel>Views of {entity}</DropdownMenuLabel>
          {views.length === 0 && <p className="px-2 py-1 text-sm text-muted">None is saved yet.</p>}
          {views.map((view) => (
            <DropdownMenuItem key={view.id} icon={<Bookmark aria-hidden />} onSelect={() => open(view)}>
              {view.name} <span className="text-xs text-muted">by {view.author}</span>
            </DropdownMenuItem>
          ))}
          {maySave && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem
                icon={<Save aria-hidden />}
                onSelect={() => setNaming(own?.mayChange ? current : '')}
              >
                Save this view…
              </DropdownMenuItem>
              {own?.mayChange === true && (
                <DropdownMenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => remove.mutate(own.id)}>
                  Delete “{own.name}”
                </DropdownMenuItem>
              )}
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <Dialog
        open={naming !== undefined}
        onOpenChange={(next) => !next && setNaming(undefined)}
        title="Save this view"
        description="Its filters and columns, for everybody of the entity. A view of yours with the same name is replaced."
        size="sm"
        footer={
          <>
            <Button onClick={() => setNaming(undefined)}>Cancel</Button>
            <Button
              variant="primary"
              disabled={(naming ?? '').trim() === ''}
              loading={save.isPending}
              onClick={() => save.mutate((naming ?? '').trim())}
            >
              Save view
            </Button>
          </>
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if ((naming ?? '').trim() !== '') save.mutate((naming ?? '').trim());
          }}
        >
          <Field label="Name">
            <Input value={naming ?? ''} maxLength={64} onChange={(event) => setNaming(event.target.value)} />
          </Field>
          {save.error !== null && <ErrorCard problem={toProblem(save.error)} compact className="mt-3" />}
        </form>
      </Dialog>
    </>
  );
}

/** Which columns the list has; they stand in the address. */
export function ColumnMenu({ columns }: { columns: readonly string[] }) {
  const set = (ids: string[]) => {
    const ordered = RUN_COLUMNS.map((column) => column.id).filter((id) => ids.includes(id));
    const isDefault = ordered.join() === DEFAULT_COLUMNS.join();
    setSearchParams({ columns: isDefault ? '' : ordered.join(',') });
  };
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button aria-label="Columns">
          <Columns3 aria-hidden />
        </Button>
      </PopoverTrigger>
      <PopoverContent
        align="end"
        aria-label="Columns"
        className="flex max-h-96 w-48 flex-col gap-2 overflow-auto"
      >
        {RUN_COLUMNS.map((column) => (
          <label key={column.id} className="flex items-center gap-2">
            <Checkbox
              checked={columns.includes(column.id)}
              onCheckedChange={(on) =>
                set(on === true ? [...columns, column.id] : columns.filter((id) => id !== column.id))
              }
            />
            {column.label}
          </label>
        ))}
      </PopoverContent>
    </Popover>
  );
}
