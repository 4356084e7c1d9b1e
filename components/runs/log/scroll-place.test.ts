import { expect, it } from 'vitest';
import { ROW_HEIGHT, areaHeight, heldShare, placeAt, shareOf } from './scroll-place';

it('is ordinary scrolling where all has one height', () => {
  const [count, viewport] = [1000, 400];
  for (const top of [0, 1, 777, 19_600]) {
    const { position, y } = placeAt(top / (count * ROW_HEIGHT - viewport), count, viewport);
    // Where the entry at `position` stands, had the list been scrolled by `top` pixels.
    expect(position * ROW_HEIGHT - top).toBeCloseTo(y, 6);
  }
});

it('reaches the first and last entry of any list', () => {
  expect(areaHeight(5_000_000, ROW_HEIGHT)).toBe(12_000_000);
  expect(placeAt(0, 5_000_000, 600)).toEqual({ position: 0, y: 0 });
  expect(placeAt(1, 5_000_000, 600)).toEqual({ position: 5_000_000, y: 600 });
});

it('puts an entry into the middle', () => {
  const share = shareOf(500_000, 1_000_000, 600);
  const { position, y } = placeAt(share, 1_000_000, 600);
  expect(y + (500_000.5 - position) * ROW_HEIGHT).toBeCloseTo(300, 3);
  expect(shareOf(0, 10, 600)).toBe(0);
  expect(shareOf(999_999, 1_000_000, 600)).toBe(1);
});

it('holds what is seen when a list grows', () => {
  const firstSeen = (share: number, count: number) => {
    const { position, y } = placeAt(share, count, 600);
    return position - y / ROW_HEIGHT;
  };
  const share = 0.37;
  expect(firstSeen(share * heldShare(1_000_000, 1_200_000, 600), 1_200_000)).toBeCloseTo(
    firstSeen(share, 1_000_000),
    3,
  );
});
