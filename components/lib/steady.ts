import { useCallback, useEffect, useRef } from 'react';

/**
 * A function that stays the same from drawing to drawing and calls the latest `act`: what is memoised and takes it need not be drawn again.
 * For what people do, not for what is called while drawing.
 */
export function useSteady<A extends unknown[]>(act: (...args: A) => void): (...args: A) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
