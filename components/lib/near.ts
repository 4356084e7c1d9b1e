'use client';
import { useEffect, useState, type RefObject } from 'react';

/** How far outside the window something is near, CSS margin. */
const MARGIN = '600px';

/** Whether an element has once come near to what the window shows: what stands far below is not drawn before. */
export function useNear(element: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (near || target === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, near]);
  return near;
}
