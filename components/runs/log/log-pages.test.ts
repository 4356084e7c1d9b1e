import { expect, it, vi } from 'vitest';
import { LogPages, type ReadRows } from './log-pages';

/** A log of `total` lines, read as the server gives it. */
function log(total: number) {
  const state = { total, fail: false };
  const read = vi.fn<ReadRows>(({ from, limit }) => {
    if (state.fail) return Promise.reject(new Error('away'));
    const first = from ?? Math.max(0, state.total - limit);
    return Promise.resolve({
      from: first,
      total: state.total,
      bytes: state.total * 10,
      complete: false,
      truncated: false,
      lines: Array.from({ length: Math.max(0, Math.min(limit, state.total - first)) }, (_, i) => ({
        number: first + i + 1,
        offset: (first + i) * 10,
        bytes: 9,
        // The last one of an earlier answer reads otherwise when more has come.
        text: first + i === state.total - 1 ? 'open' : `line ${first + i + 1}`,
        cutBytes: 0,
        redraws: 0,
        stream: 'stdout' as const,
        source: null,
        at: '2026-01-01T00:00:00Z',
      })),
    });
  });
  return { state, read, pages: new LogPages(read) };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('begins at the end, and reads what is looked at', async () => {
  const { pages, read } = log(1_000_000);
  pages.grow(10_000_000, true);
  await settled();
  expect(pages.total).toBe(1_000_000);
  expect(pages.row(999_998)?.number).toBe(999_999);
  pages.show(400_000, 400_060);
  await settled();
  expect(read).toHaveBeenLastCalledWith({ from: 400_000, limit: 500 }, expect.anything());
  expect(pages.row(400_060)?.text).toBe('line 400061');
  pages.show(399_990, 400_050);
  await settled();
  expect(read).toHaveBeenLastCalledWith({ from: 399_500, limit: 500 }, expect.anything());
  expect(pages.row(399_990)?.text).toBe('line 399991');
});

it('keeps little of a long log', async () => {
  const { pages } = log(1_000_000);
  pages.grow(1, true);
  await settled();
  for (let first = 0; first < 200_000; first += 500) {
    pages.show(first, first + 50);
    await settled();
  }
  const kept = Array.from({ length: 200_000 }, (_, i) => pages.row(i)).filter((row) => row !== undefined);
  expect(kept.length).toBeLessThanOrEqual(60_000);
  expect(pages.row(199_500)).toBeDefined();
});

it('reads the line that was unfinished again, and goes on after a failure without loss', async () => {
  const { pages, state } = log(10);
  pages.grow(100, true);
  await settled();
  expect(pages.row(9)?.text).toBe('open');
  state.total = 500;
  state.fail = true;
  pages.show(0, 499);
  pages.grow(5000, true);
  await vi.waitFor(() => expect(pages.problem?.detail).toBe('away'));
  state.fail = false;
  pages.retry();
  await vi.waitFor(() => expect(pages.row(499)?.text).toBe('open'));
  await vi.waitFor(() => expect(pages.row(9)?.text).toBe('line 10'));
  expect(Array.from({ length: 499 }, (_, i) => pages.row(i)?.number)).toEqual(
    Array.from({ length: 499 }, (_, i) => i + 1),
  );
  pages.close();
});
