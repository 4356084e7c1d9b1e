'use client';
import { useEffect, useEffectEvent, useLayoutEffect, useState } from 'react';
import { ROW_HEIGHT, areaHeight, heldShare, placeAt, shareOf } from './scroll-place';

/** Entries beyond what is seen, above and below. */
const OVERSCAN = 12;
/** Nearer than this to the end counts as being there, pixels. */
const END_ZONE = 24;

export interface LogScrollOptions {
  count: number;
  /** Entries have heights of their own: they are measured once drawn. */
  wrap: boolean;
  startAtEnd: boolean;
}

/**
 * A list of any length in a scrolled area of bounded height (scroll-place.ts). Gives which entries to draw; the block they are drawn in is
 * moved to its place before the browser paints. `setScroller` and `setBlock` are the refs of the two elements.
 */
export function useLogScroll({ count, wrap, startAtEnd }: LogScrollOptions) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [block, setBlock] = useState<HTMLElement | null>(null);
  const [viewport, setViewport] = useState(0);
  const [top, setTop] = useState(0);
  const [following, setFollowing] = useState(startAtEnd);
  const [average, setAverage] = useState(ROW_HEIGHT);

  const height = areaHeight(count, wrap ? average : ROW_HEIGHT);
  const way = Math.max(0, height - viewport);
  const [counted, setCounted] = useState(count);
  if (counted !== count) {
    setCounted(count);
    // Pixels stay pixels while the area grows with the list; where it does not, what is seen must be held by hand.
    if (!following && height === areaHeight(counted, wrap ? average : ROW_HEIGHT))
      setTop(top * heldShare(counted, count, viewport));
  }
  const share = way === 0 ? 0 : following ? 1 : Math.min(1, top / way);
  const { position, y } = placeAt(share, count, viewport);
  // Wrapped entries are at least one row high, so these are enough whatever their heights.
  const first = Math.max(0, Math.floor(position - y / ROW_HEIGHT) - OVERSCAN);
  const last = Math.min(count - 1, Math.ceil(position + (viewport - y) / ROW_HEIGHT) + OVERSCAN);

  useEffect(() => {
    if (!scroller) return;
    const observer = new ResizeObserver(() => setViewport(scroller.clientHeight));
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scroller]);

  const measure = useEffectEvent((pixels: number) => {
    const drawn = last - first + 1;
    if (!wrap || drawn <= 0) return;
    // The exact height of a list that is drawn whole; of a longer one a first guess that is then kept, as the bar must not jump.
    if (drawn === count || average === ROW_HEIGHT) setAverage(Math.max(ROW_HEIGHT, pixels / drawn));
  });
  useEffect(() => {
    if (!block) return;
    const observer = new ResizeObserver(() => measure(block.offsetHeight));
    observer.observe(block);
    return () => observer.disconnect();
  }, [block, wrap]);

  useLayoutEffect(() => {
    if (!block) return;
    let top = y + (first - position) * ROW_HEIGHT;
    if (wrap) {
      const index = Math.min(Math.floor(position), count - 1);
      const anchor = block.children[index - first];
      if (anchor instanceof HTMLElement)
        top = y - anchor.offsetTop - (position - index) * anchor.offsetHeight;
    }
    block.style.setProperty('transform', `translateY(${top}px)`);
  });

  useLayoutEffect(() => {
    if (following) scroller?.scrollTo({ top: scroller.scrollHeight });
  }, [scroller, following, height, viewport]);

  useLayoutEffect(() => {
    if (!following && scroller && Math.abs(scroller.scrollTop - top) > 1) scroller.scrollTo({ top });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the list has grown: else the scroller leads and `top` follows
  }, [scroller, counted]);

  const middle = Math.round(position + (viewport / 2 - y) / ROW_HEIGHT);
  return {
    setScroller,
    setBlock,
    first,
    last,
    height,
    viewport,
    following,
    /** The entry in the middle of what is seen. */
    middle: Math.max(0, Math.min(count - 1, middle)),
    onScroll: () => {
      if (!scroller) return;
      const end = scroller.scrollHeight - scroller.clientHeight;
      setTop(scroller.scrollTop);
      setFollowing(end - scroller.scrollTop < END_ZONE);
    },
    toEnd: () => {
      setFollowing(true);
      scroller?.scrollTo({ top: scroller.scrollHeight });
    },
    /** Brings an entry of so many into the middle. */
    toPlace: (place: number, entries: number) => {
      if (!scroller) return;
      const to = wrap ? (place + 0.5) / Math.max(1, entries) : shareOf(place, entries, scroller.clientHeight);
      const area = areaHeight(entries, wrap ? average : ROW_HEIGHT);
      const next = Math.round(to * Math.max(0, area - scroller.clientHeight));
      setFollowing(false);
      setTop(next);
      scroller.scrollTo({ top: next });
    },
  };
}
