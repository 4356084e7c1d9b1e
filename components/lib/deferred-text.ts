import { useEffect, useEffectEvent, useState } from 'react';

/** How long typing has to rest before it counts, milliseconds. */
const REST_MS = 250;

/**
 * Text that is shown as it is typed and passed on when typing rests: for filters that ask the server. A change from outside (Back, "Clear
 * filters") is taken over.
 */
export function useDeferredText(
  value: string,
  onRest: (value: string) => void,
): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  const pass = useEffectEvent(onRest);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => pass(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return [text, setText];
}
