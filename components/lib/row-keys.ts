import { useRef, type RefObject } from 'react';
import { useShortcut } from './shortcuts';

export interface RowKeysOptions {
  /** Ids of the rows in the order in which they stand. */
  ids: readonly string[];
  /** Enter. Without it Enter does what the focused link does. */
  onOpen?: (id: string) => void;
  /** Space. */
  onPeek?: (id: string) => void;
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void };
  /** Of the sheet of keys. */
  group: string;
}

const ROW = 'data-row-id';
/** Attributes of a row that `useRowKeys` walks; for `Tr`. */
export const rowProps = (id: string) => ({ [ROW]: id, tabIndex: -1 });

/**
 * `j` and `k` walk the rows of a list, `x` selects the one that has the focus, `Shift x` all between the last one selected and it.
 * Rows take `rowProps(id)`; give the result as `ref` to an element around them, where a page has more than one list.
 */
export function useRowKeys<T extends HTMLElement>({
  ids,
  onOpen,
  onPeek,
  selection,
  group,
}: RowKeysOptions): RefObject<T | null> {
  const root = useRef<T>(null);
  const anchor = useRef<string>(undefined);
  const rowOf = (id: string | undefined) =>
    id === undefined
      ? null
      : (root.current ?? document).querySelector<HTMLElement>(`[${ROW}="${CSS.escape(id)}"]`);
  const current = () => {
    const id = document.activeElement?.closest(`[${ROW}]`)?.getAttribute(ROW) ?? undefined;
    return id !== undefined && ids.includes(id) ? id : undefined;
  };
  const step = (by: number) => {
    const here = current();
    const at = here === undefined ? (by > 0 ? -1 : ids.length) : ids.indexOf(here);
    const row = rowOf(ids[Math.min(Math.max(at + by, 0), ids.length - 1)]);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const toggle = (range: boolean) => {
    const here = current();
    if (here === undefined || selection === undefined) return;
    selection.onChange(toggled(selection.selected, ids, here, range ? anchor.current : undefined));
    anchor.current = here;
  };
  const some = ids.length > 0;
  const selects = { enabled: some && selection !== undefined };
  // Buttons and links of a row do their own thing: only the row itself is opened or looked into.
  const onRow = () => document.activeElement?.hasAttribute(ROW) === true && current() !== undefined;
  const withRow = (act: ((id: string) => void) | undefined) => {
    const here = current();
    if (here !== undefined) act?.(here);
  };
  useShortcut({ keys: 'j', description: 'Next row', group }, () => step(1), { enabled: some });
  useShortcut({ keys: 'k', description: 'Row before', group }, () => step(-1), { enabled: some });
  useShortcut({ keys: 'enter', description: 'Open the row', group }, () => withRow(onOpen), {
    enabled: some && onOpen !== undefined,
    when: onRow,
  });
  useShortcut({ keys: 'space', description: 'Look into the row', group }, () => withRow(onPeek), {
    enabled: some && onPeek !== undefined,
    when: onRow,
  });
  useShortcut({ keys: 'x', description: 'Select the row', group }, () => toggle(false), selects);
  useShortcut({ keys: 'shift+x', description: 'Select up to the row', group }, () => toggle(true), selects);
  return root;
}

/** The selection after `id` was toggled; with an anchor all from there to `id` are selected. */
export function toggled(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  id: string,
  anchor: string | undefined,
): ReadonlySet<string> {
  const next = new Set(selected);
  const from = anchor === undefined ? -1 : ids.indexOf(anchor);
  const to = ids.indexOf(id);
  if (from >= 0 && to >= 0) {
    for (const each of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(each);
  } else if (!next.delete(id)) next.add(id);
  return next;
}
