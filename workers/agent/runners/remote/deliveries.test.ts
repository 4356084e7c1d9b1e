import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Deliveries } from './deliveries';

interface Piece {
  source: string;
  text: string;
}

/** A reader that numbers the entries of each source, as real ones do by times and ids. */
function read(deliveries: Deliveries, log: Piece[]): Piece[] {
  const out: Piece[] = [];
  const counts = new Map<string, number>();
  const begin = new Map<string, { mark: string; bytes: number }>();
  for (const { source, text } of log) {
    const number = (counts.get(source) ?? 0) + 1;
    counts.set(source, number);
    const place = begin.get(source) ?? deliveries.begin(source);
    begin.set(source, place);
    if (number <= Number(place.mark || 0)) continue;
    const skipped = number === Number(place.mark || 0) + 1 ? place.bytes : 0;
    const rest = text.slice(skipped);
    deliveries.give(source, source, String(number), rest.length, skipped);
    out.push({ source, text: rest });
  }
  return out;
}

it('lets a later reader go on with no gap and nothing twice, wherever each one was cut', () => {
  const entry = fc.record({
    source: fc.constantFrom('algo-1-1700000000', 'algo-2-1700000000', 'c'),
    text: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('a', 'b') }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), fc.array(fc.nat(200), { maxLength: 4 }), (log, cuts) => {
      // What is accepted of each source in the end is all of it, in its order.
      const got = new Map<string, string>();
      let cursor: string | null = null;
      for (const cut of [...cuts, Infinity]) {
        const deliveries: Deliveries = new Deliveries(cursor);
        let accepted = 0;
        const counts: Record<string, number> = {};
        for (const { source, text } of read(deliveries, log)) {
          const taken = text.slice(0, Math.max(0, cut - accepted));
          accepted += taken.length;
          counts[source] = (counts[source] ?? 0) + taken.length;
          got.set(source, (got.get(source) ?? '') + taken);
        }
        cursor = deliveries.cursor(counts);
      }
      for (const source of new Set(log.map((each) => each.source))) {
        const whole = log.filter((each) => each.source === source).map(({ text }) => text);
        expect(got.get(source)).toBe(whole.join(''));
      }
    }),
  );
});

it('keeps to the length that the server takes, whatever the number of sources', () => {
  const deliveries = new Deliveries(null);
  for (let index = 0; index < 1000; index++)
    deliveries.give('algo', `algo-${index}-1700000000`, 'lo3x9k1c.1', 10);
  expect(deliveries.cursor({ algo: 10_000 }).length).toBeLessThanOrEqual(4000);
  expect(new Deliveries('damaged').begin('a')).toEqual({ mark: '', bytes: 0 });
});
