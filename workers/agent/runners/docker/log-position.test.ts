import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunnerLogStream } from '../types';
import { createEntryParser, type LogEntry } from './log-entries';
import { LogReader, parseCursor, sinceOf } from './log-position';

const time = (n: number) =>
  `2026-01-01T00:00:${String(Math.floor(n / 10)).padStart(2, '0')}.${String(n % 10).repeat(9)}Z`;
const entry = (stream: RunnerLogStream, at: number, data: string): LogEntry => ({
  stream,
  time: time(at),
  data: Buffer.from(data),
});
const read = (reader: LogReader, log: LogEntry[], limit = Infinity) => {
  const out: Record<RunnerLogStream, string> = { stdout: '', stderr: '' };
  const since = reader.begin();
  for (const e of log.filter((candidate) => Date.parse(candidate.time) >= since * 1000).slice(0, limit)) {
    out[e.stream] += reader.take(e)?.toString() ?? '';
  }
  return out;
};

describe('reading the log of a container again', () => {
  it('goes on with no gap and nothing twice, wherever it was cut, with equal times and streams out of order', () => {
    const records = fc.array(
      fc.record({
        stream: fc.constantFrom<RunnerLogStream[]>('stdout', 'stderr'),
        step: fc.integer({ min: 0, max: 2 }),
        data: fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', '\n') }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        records,
        fc.nat({ max: 40 }),
        fc.nat({ max: 250 }),
        fc.nat({ max: 250 }),
        (list, limit, out, err) => {
          const clock = { stdout: 0, stderr: 3 };
          const log = list.map(({ stream, step, data }) => entry(stream, (clock[stream] += step), data));
          const whole = read(new LogReader('c', null), log);
          const first = new LogReader('c', null);
          const before = read(first, log, limit);
          const consumed = {
            stdout: out % (before.stdout.length + 1),
            stderr: err % (before.stderr.length + 1),
          };
          const after = read(new LogReader('c', parseCursor(first.cursor(consumed), 'c')), log);
          for (const stream of ['stdout', 'stderr'] as const) {
            expect(before[stream].slice(0, consumed[stream]) + after[stream]).toBe(whole[stream]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads all of another container', () => {
    const reader = new LogReader('old', null);
    read(reader, [entry('stdout', 1, 'x')]);
    expect(parseCursor(reader.cursor({ stdout: 1 }), 'new')).toBeNull();
    expect(parseCursor('damaged', 'new')).toBeNull();
    expect(sinceOf(null)).toBe(0);
  });
});

it('takes frames apart that come in any pieces', () => {
  const frame = (stream: number, text: string) => {
    const payload = Buffer.from(`${time(1)} ${text}`);
    const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(payload.length, 4);
    return Buffer.concat([header, payload]);
  };
  const bytes = Buffer.concat([frame(1, 'out\n'), frame(2, 'err\n'), frame(1, '')]);
  for (let size = 1; size <= bytes.length; size++) {
    const parser = createEntryParser();
    const entries: LogEntry[] = [];
    for (let at = 0; at < bytes.length; at += size)
      entries.push(...parser.push(bytes.subarray(at, at + size)));
    expect(entries.map(({ stream, data }) => [stream, data.toString()])).toEqual([
      ['stdout', 'out\n'],
      ['stderr', 'err\n'],
      ['stdout', ''],
    ]);
  }
});
