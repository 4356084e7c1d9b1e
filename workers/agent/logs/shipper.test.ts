import type { LogRequest } from '@/core/wire';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../support/logger';
import { createShipper, type ShipperOptions } from './shipper';

const log = createLogger({ level: 'error', json: false, write: () => undefined });
const text = (request: LogRequest) => Buffer.from(request.data, request.encoding).toString();
const shipper = (send: ShipperOptions['send'], options: Partial<ShipperOptions> = {}) =>
  createShipper({
    offset: 0,
    attempt: 1,
    send,
    cursor: (consumed) => JSON.stringify(consumed),
    log,
    signal: new AbortController().signal,
    ...options,
  });

describe('the log shipper', () => {
  it('sends streams in order, each chunk with the place to go on from', async () => {
    const sent: LogRequest[] = [];
    const s = shipper((request) => {
      sent.push(request);
      return Promise.resolve({ nextOffset: request.offset + request.data.length, truncated: false });
    });
    await s.write('stdout', Buffer.from('a\n'), 2);
    await s.write('stdout', Buffer.from('b\n'), 4);
    await s.write('stderr', Buffer.from('e\n'), 2);
    await s.write('stdout', Buffer.from('c\n'), 6);
    await s.drain();
    expect(sent.map((r) => [r.stream, r.offset, text(r), r.cursor])).toEqual([
      ['stdout', 0, 'a\nb\n', '{"stdout":4,"sources":{}}'],
      ['stderr', 4, 'e\n', '{"stdout":4,"stderr":2,"sources":{}}'],
      ['stdout', 6, 'c\n', '{"stdout":6,"stderr":2,"sources":{}}'],
    ]);
  });

  it('keeps the writers of a stream apart, also when there is too much for one chunk each turn', async () => {
    const sent: LogRequest[] = [];
    const s = shipper((request) => {
      sent.push(request);
      return Promise.resolve({ nextOffset: request.offset + request.data.length, truncated: false });
    });
    for (let line = 1; line <= 100; line++)
      for (const pod of ['a', 'b']) await s.write('stdout', Buffer.from(`${pod}\n`), line * 2, pod);
    await s.drain();
    for (const pod of ['a', 'b']) {
      const mine = sent.filter(({ source }) => source === pod);
      expect(mine.map(text).join('')).toBe(`${pod}\n`.repeat(100));
    }
    expect(sent.length).toBeLessThan(20);
    expect(sent.at(-1)?.cursor).toBe('{"sources":{"a":200,"b":200}}');
  });

  it('asks where the log ends when that is not known', async () => {
    const sent: LogRequest[] = [];
    const s = shipper(
      (request) => {
        sent.push(request);
        return Promise.resolve({
          nextOffset: request.data === '' ? 50 : request.offset + request.data.length,
          truncated: false,
        });
      },
      { offset: null },
    );
    await s.write('stdout', Buffer.from('again\n'), 6);
    await s.drain();
    expect(sent.map((r) => [r.offset, r.data])).toEqual([
      [0, ''],
      [50, 'again\n'],
    ]);
  });

  it('makes its writer wait instead of growing while the server is away', async () => {
    let accept = () => {};
    const gate = new Promise<void>((resolve) => (accept = resolve));
    let received = 0;
    const s = shipper(async (request) => {
      await gate;
      received += request.data.length;
      return { nextOffset: request.offset + request.data.length, truncated: false };
    });
    const piece = Buffer.alloc(64 * 1024, 120);
    let written = 0;
    const writing = (async () => {
      for (; written < 200; written++) await s.write('stdout', piece, (written + 1) * piece.length);
    })();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBeLessThan(80);
    accept();
    await writing;
    await s.drain();
    expect(received).toBe(200 * piece.length);
  });

  it('keeps bytes that are no text, and goes on reading when the log has reached its limit', async () => {
    const sent: LogRequest[] = [];
    const s = shipper((request) => {
      sent.push(request);
      return Promise.resolve({ nextOffset: 3, truncated: true });
    });
    await s.write('stdout', Buffer.from([0xff, 0, 0x80]), 3);
    await s.drain();
    for (let i = 0; i < 200; i++) await s.write('stdout', Buffer.alloc(64 * 1024), i);
    await s.drain();
    expect(sent.map(({ data, encoding }) => [data, encoding])).toEqual([['/wCA', 'base64']]);
  });
});
