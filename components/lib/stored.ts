import { z } from 'zod';

const PREFIX = 'slipway:';
const at = z.object({ at: z.number(), value: z.unknown() });

/** `tab`: gone with the tab, for what may hold something confidential. */
type Where = 'browser' | 'tab';
const storage = (where: Where): Storage => (where === 'tab' ? sessionStorage : localStorage);

/** Keeps something typed in this browser, with the time; quietly not, where the storage is full or blocked. */
export function remember(key: string, value: unknown, where: Where = 'browser'): void {
  try {
    storage(where).setItem(PREFIX + key, JSON.stringify({ at: Date.now(), value }));
  } catch {
    // Full or blocked: the page works without it.
  }
}

/** What was kept, if it is still what the schema says; `at` is when, epoch milliseconds of this computer. */
export function recall<T extends z.ZodType>(
  key: string,
  schema: T,
  where: Where = 'browser',
): { at: number; value: z.infer<T> } | undefined {
  try {
    const stored = at.safeParse(JSON.parse(storage(where).getItem(PREFIX + key) ?? 'null'));
    const value = stored.success ? schema.safeParse(stored.data.value) : undefined;
    return stored.success && value?.success === true ? { at: stored.data.at, value: value.data } : undefined;
  } catch {
    // No storage (blocked by the browser) or not ours: begin anew.
    return undefined;
  }
}

export function forget(key: string, where: Where = 'browser'): void {
  try {
    storage(where).removeItem(PREFIX + key);
  } catch {
    // Blocked: there was nothing to forget.
  }
}
