import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusHandler, BusMessage } from '../events';
import { createStreamHub } from './stream-hub';
import type { HubClient, StreamHub } from './stream-hub';
import { concerns, parseTopics } from './stream-topics';

function fakeBus() {
  let deliver: BusHandler = () => {};
  let gap: () => void = () => {};
  const bus: Bus = {
    publish: (...messages) => {
      for (const message of messages) deliver(message);
    },
    subscribe: (handler) => {
      deliver = handler;
      return () => {};
    },
    onGap: (handler) => {
      gap = handler;
      return () => {};
    },
    close: () => Promise.resolve(),
  };
  return {
    bus,
    gap: () => {
      gap();
    },
  };
}
const log = (bytes: number): BusMessage => ({ type: 'log', runId: 'r1234567', bytes });

/** Reads events until `enough` of them came or the stream ended. */
async function read(stream: ReadableStream<Uint8Array>, enough: number) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const events = () =>
    [...text.matchAll(/^id: (\S+)\ndata: (.+)$/gm)].map(([, id, data]) => ({
      id,
      data: JSON.parse(data ?? '') as unknown,
    }));
  let ended = false;
  while (events().length < enough && !ended) {
    const { value, done } = await reader.read();
    ended = done;
    if (value) text += decoder.decode(value);
  }
  return { events: events(), text, ended, cancel: () => reader.cancel() };
}

describe('the hub', () => {
  let fake: ReturnType<typeof fakeBus>;
  let hub: StreamHub;
  const client = (more: Partial<HubClient> = {}): HubClient => ({
    topics: parseTopics('run:r1234567'),
    stillAllowed: () => Promise.resolve(true),
    ...more,
  });
  beforeEach(() => {
    fake = fakeBus();
    hub = createStreamHub(fake.bus);
  });
  afterEach(() => {
    hub.close();
  });

  it('resumes after the last event a client had, without gap or repetition', async () => {
    const first = hub.open(client());
    fake.bus.publish(log(1), log(2), log(3));
    const seen = await read(first, 3);
    await seen.cancel();
    fake.bus.publish(log(4), { ...log(9), runId: 'other123' } as BusMessage, log(5));
    const resumed = await read(hub.open(client({ lastEventId: seen.events[1]?.id })), 3);
    expect(resumed.events.map(({ data }) => (data as { bytes: number }).bytes)).toEqual([3, 4, 5]);
    expect(hub.clients).toBe(1);
  });

  it('gives a resume point before there is any event', async () => {
    const stream = hub.open(client());
    const reader = stream.getReader();
    const { value } = await reader.read();
    const id = /id: (\S+)/.exec(new TextDecoder().decode(value))?.[1];
    await reader.cancel();
    fake.bus.publish(log(1));
    expect((await read(hub.open(client({ lastEventId: id })), 1)).events).toMatchObject([
      { data: { bytes: 1 } },
    ]);
  });

  it('says reset to ids of another process, ids that are too old, and after a gap', async () => {
    const isReset = { data: { type: 'reset' } };
    expect((await read(hub.open(client({ lastEventId: 'abcdef-5' })), 1)).events).toMatchObject([isReset]);
    expect((await read(hub.open(client({ lastEventId: 'rubbish' })), 1)).events).toMatchObject([isReset]);
    const stream = hub.open(client());
    fake.bus.publish(log(1));
    const seen = await read(stream, 1);
    await seen.cancel();
    for (let i = 0; i < 10_000; i++) fake.bus.publish(log(i));
    expect((await read(hub.open(client({ lastEventId: seen.events[0]?.id })), 1)).events).toMatchObject([
      isReset,
    ]);
    const open = hub.open(client());
    fake.gap();
    expect((await read(open, 1)).events).toMatchObject([isReset]);
  });

  it('drops a client that does not read, and goes on with the others', async () => {
    const slow = hub.open(client());
    for (let i = 0; i < 2000; i++) fake.bus.publish(log(i));
    expect(hub.clients).toBe(0);
    expect((await read(slow, 5000)).ended).toBe(true);
  });

  it('ends streams of who may listen no more, and all of them when it closes', async () => {
    const refused = hub.open(client({ stillAllowed: () => Promise.reject(new Error('not any more')) }));
    const kept = hub.open(client());
    fake.bus.publish({ type: 'credentials' });
    expect((await read(refused, 1)).ended).toBe(true);
    expect(hub.clients).toBe(1);
    hub.close();
    expect((await read(kept, 1)).ended).toBe(true);
  });

  it('sends a comment every 15 seconds', async () => {
    vi.useFakeTimers();
    const timed = createStreamHub(fake.bus);
    const reader = timed.open(client()).getReader();
    await reader.read();
    vi.advanceTimersByTime(15_000);
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(':\n\n');
    timed.close();
    vi.useRealTimers();
  });
});

describe('topics', () => {
  it('are read, and refused by name', () => {
    expect(parseTopics('run:r1234567,queue:team/q.1, entity:team')).toEqual([
      { kind: 'run', id: 'r1234567' },
      { kind: 'queue', entity: 'team', queue: 'q.1' },
      { kind: 'entity', entity: 'team' },
    ]);
    for (const bad of ['', 'run:', 'run:NO', 'queue:team', 'other:x', 'entity:'])
      expect(() => parseTopics(bad), bad).toThrow();
  });

  it('hear of their own things only', () => {
    const run = {
      type: 'run',
      runId: 'r1234567',
      entity: 'team',
      queue: 'q',
      state: 'running',
      stopping: false,
      seq: 1,
    } as const;
    expect(concerns(parseTopics('queue:team/q'), run)).toBe(true);
    expect(concerns(parseTopics('queue:team/other'), run)).toBe(false);
    expect(concerns(parseTopics('entity:team'), run)).toBe(true);
    expect(concerns(parseTopics('entity:other'), run)).toBe(false);
    expect(concerns(parseTopics('entity:team'), { type: 'log', runId: 'r1234567', bytes: 1 })).toBe(false);
  });
});
