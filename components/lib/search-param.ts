import { usePathname, useRouter, useSearchParams } from 'next/navigation';

/** Values of the address that are state; `''` takes one out, so that defaults never show. */
export function useSearchParam(
  name: string,
): [value: string, set: (value: string, how?: 'push' | 'replace') => void] {
  const search = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const set = (value: string, how: 'push' | 'replace' = 'replace') => {
    const next = new URLSearchParams(window.location.search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    router[how](text === '' ? pathname : `${pathname}?${text}`, { scroll: false });
  };
  return [search.get(name) ?? '', set];
}
