import { usePathname, useSearchParams } from 'next/navigation';

/** Sets values of the address without asking the server for the page again; `''` takes one out, so that defaults never show. */
export function setSearchParams(values: Record<string, string>, how: 'push' | 'replace' = 'replace'): void {
  const next = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  window.history[how === 'push' ? 'pushState' : 'replaceState'](
    null,
    '',
    (text === '' ? window.location.pathname : `?${text}`) + window.location.hash,
  );
}

/** One value of the address as state; `''` where it is absent. */
export function useSearchParam(
  name: string,
): [value: string, set: (value: string, how?: 'push' | 'replace') => void] {
  const search = useSearchParams();
  return [search.get(name) ?? '', (value, how) => setSearchParams({ [name]: value }, how)];
}

/** Address of this page with one value changed, for links. */
export function useHrefWith(name: string): (value: string) => string {
  const search = useSearchParams();
  const pathname = usePathname();
  return (value) => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    return text === '' ? pathname : `${pathname}?${text}`;
  };
}
