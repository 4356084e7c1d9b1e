import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** `mod+k`, `shift+x`, `?`, or two keys one after the other: `g q`. */
  keys: string;
  description: string;
  group: string;
}
interface Registered extends Shortcut {
  run: (event: KeyboardEvent) => void;
  /** Works in text fields and open dialogs too; for combinations with `mod` only. */
  everywhere: boolean;
  when: () => boolean;
}

/** How long the second key of a pair may take, milliseconds. */
const PAIR_MS = 1_200;
let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();
const changed = (next: readonly Registered[]) => {
  registered = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const NONE: readonly Registered[] = [];

/** All shortcuts that work now, for the sheet. */
export const useShortcuts = (): readonly Shortcut[] =>
  useSyncExternalStore(
    subscribe,
    () => registered,
    () => NONE,
  );

export interface ShortcutOptions {
  enabled?: boolean;
  everywhere?: boolean;
  /** Whether the key is ours at this moment; else the browser does with it what it always does. */
  when?: () => boolean;
}

/** A shortcut while the component is shown. Of two with the same keys the one that came last wins. */
export function useShortcut(
  { keys, description, group }: Shortcut,
  run: (event: KeyboardEvent) => void,
  { enabled = true, everywhere = false, when }: ShortcutOptions = {},
): void {
  const onKeys = useEffectEvent(run);
  const isOurs = useEffectEvent(() => when?.() ?? true);
  useEffect(() => {
    if (!enabled) return;
    const entry: Registered = {
      keys,
      description,
      group,
      everywhere,
      when: () => isOurs(),
      run: (event) => onKeys(event),
    };
    changed([...registered, entry]);
    return () => changed(registered.filter((each) => each !== entry));
  }, [keys, description, group, enabled, everywhere]);
}

/** The keys of an event as shortcuts write them. Shift counts only where it does not already show in the character. */
export function keysOf(
  event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const shifted = event.shiftKey && (key.length > 1 || key !== key.toUpperCase());
  return [event.metaKey || event.ctrlKey ? 'mod' : '', event.altKey ? 'alt' : '', shifted ? 'shift' : '', key]
    .filter(Boolean)
    .join('+');
}

/** Where keys are text: fields, lists that find by typing, and code editors. */
function isEditing(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input:not([type=checkbox]), textarea, select, [contenteditable=true], .monaco-editor, [role=listbox], [role=menu]',
    ) !== null
  );
}
const overlayIsOpen = () =>
  document.querySelector(
    '[role=dialog][data-state=open], [role=menu][data-state=open], [role=listbox][data-state=open]',
  ) !== null;

/** The one listener of the page; mount once. */
export function useShortcutListener(): void {
  useEffect(() => {
    let first = '';
    let at = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.key === 'Shift') return;
      const keys = keysOf(event);
      const pair = first !== '' && event.timeStamp - at < PAIR_MS ? `${first} ${keys}` : keys;
      const quiet = isEditing(event.target) || overlayIsOpen();
      const found = registered.findLast(
        (each) => (each.keys === pair || each.keys === keys) && (each.everywhere || !quiet) && each.when(),
      );
      first =
        found === undefined && !quiet && registered.some((each) => each.keys.startsWith(`${keys} `))
          ? keys
          : '';
      at = event.timeStamp;
      if (found === undefined) return;
      event.preventDefault();
      found.run(event);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
