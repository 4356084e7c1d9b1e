export const ROW_HEIGHT = 20;
/** Browsers lose their way in taller elements (Firefox at 17.8 million pixels): longer lists scroll in larger steps. */
const MAX_HEIGHT = 12_000_000;

export interface Place {
  /** The entry that is held where it is, as a fraction: 12.5 is the middle of entry 12. */
  position: number;
  /** Where in the viewport it stands, pixels from its top. */
  y: number;
}

/** Height of the scrolled area for so many entries of an average height. */
export const areaHeight = (count: number, height: number): number => Math.min(MAX_HEIGHT, count * height);

/**
 * What is seen at a share of the way. At share f the entry f·n stands at f of the viewport's height: the first entry at the top in the
 * beginning, the last at the bottom in the end, whatever the heights of the entries and however short the scrolled area is.
 */
export const placeAt = (share: number, count: number, viewport: number): Place => ({
  position: share * count,
  y: share * viewport,
});

/** The share of the way at which an entry of the plain height stands in the middle of the viewport. */
export function shareOf(place: number, count: number, viewport: number): number {
  const way = count * ROW_HEIGHT - viewport;
  if (way <= 0) return 0;
  return Math.max(0, Math.min(1, ((place + 0.5) * ROW_HEIGHT - viewport / 2) / way));
}

/** By how much the share of the way changes when a list grows and the same entries are to stay in view. */
export const heldShare = (before: number, after: number, viewport: number): number =>
  (before - viewport / ROW_HEIGHT) / Math.max(1, after - viewport / ROW_HEIGHT);
