import { describe, expect, it } from 'vitest';
import type { BusMessage } from './bus';
import { Outbox, pack, unpack } from './outbox';

const log = (runId: string, bytes: number): BusMessage => ({ type: 'log', runId, bytes });

describe('pack', () => {
  it('keeps each envelope within the limit and all messages in order', () => {
    const messages = Array.from({ length: 300 }, (_, i) => log(`rünü${i}`, i));
    const { payloads, tooLarge } = pack('me', messages, 1000);
    expect(tooLarge).toEqual([]);
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThanOrEqual(1000);
    expect(payloads.flatMap((payload) => unpack('other', payload))).toEqual(messages);
  });

  it('sets a message aside that fits into no envelope', () => {
    const { payloads, tooLarge } = pack('me', [log('a'.repeat(200), 1), log('b', 2)], 120);
    expect(tooLarge).toHaveLength(1);
    expect(payloads.flatMap((payload) => unpack('other', payload))).toEqual([log('b', 2)]);
  });
});

describe('unpack', () => {
  it('ignores its own envelopes and what is none', () => {
    expect(unpack('me', pack('me', [log('a', 1)], 1000).payloads[0] ?? '')).toBeNull();
    expect(unpack('me', 'no json')).toBeNull();
    expect(unpack('me', '{"messages":1}')).toBeNull();
  });
});

describe('Outbox', () => {
  it('keeps the newest size of a log and the sum of work', () => {
    const outbox = new Outbox();
    for (const message of [
      log('a', 1),
      { type: 'work', queueId: 'q', count: 1 } as const,
      log('a', 9),
      { type: 'work', queueId: 'q', count: 3 } as const,
    ]) {
      outbox.add(message);
    }
    expect(outbox.takeAll()).toEqual([log('a', 9), { type: 'work', queueId: 'q', count: 4 }]);
  });

  it('drops the oldest beyond its capacity', () => {
    const outbox = new Outbox();
    for (let i = 0; i < 10_050; i++) outbox.add(log(`r${i}`, i));
    expect(outbox.size).toBe(10_000);
    expect(outbox.takeAll()[0]).toEqual(log('r50', 50));
  });
});
