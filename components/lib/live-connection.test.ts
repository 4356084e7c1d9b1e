import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StreamMessage } from '@/core/wire';
import { LiveConnection, type Source } from './live-connection';

class FakeSource implements Source {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: Source['onmessage'] = null;
  constructor(readonly address: string) {}
  close() {
    this.readyState = 2;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  fail(final: boolean) {
    this.readyState = final ? 2 : 0;
    this.onerror?.();
  }
  send(message: StreamMessage, id = '') {
    this.onmessage?.({ data: JSON.stringify(message), lastEventId: id });
  }
}

const run = (runId: string, queue = 'q'): StreamMessage => ({
  type: 'run',
  runId,
  entity: 'team',
  queue,
  state: 'running',
  stopping: false,
  seq: 1,
});
let sources: FakeSource[];
let live: LiveConnection;
const last = () => sources.at(-1)!;
const topicsOf = (source: FakeSource) => new URL(source.address, 'http://x').searchParams.get('topic');

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  live = new LiveConnection({
    open: (address) => {
      const source = new FakeSource(address);
      sources.push(source);
      return source;
    },
  });
});
afterEach(() => {
  live.close();
  vi.useRealTimers();
});

it('makes one stream of all topics, and leaves out queues whose entity is heard anyway', () => {
  live.subscribe(['entity:team']);
  live.subscribe(['queue:team/q', 'run:abcdefgh']);
  vi.advanceTimersByTime(50);
  expect(sources.map(topicsOf)).toEqual(['entity:team,run:abcdefgh']);
});

it('opens the new stream before it closes the old one, and hears a message of both once', () => {
  const heard = vi.fn();
  live.subscribe(['entity:team'], heard);
  vi.advanceTimersByTime(50);
  const first = last();
  first.open();
  live.subscribe(['run:abcdefgh']);
  vi.advanceTimersByTime(50);
  expect([sources.length, first.readyState]).toEqual([2, 1]);
  first.send(run('abcdefgh'), 'e-1');
  last().open();
  last().send(run('abcdefgh'), 'e-1');
  expect(first.readyState).toBe(2);
  expect(heard).toHaveBeenCalledTimes(1);
});

it('gives a handler the messages of its own topics only', () => {
  const heard = vi.fn();
  live.subscribe(['entity:team']);
  live.subscribe(['run:abcdefgh'], heard);
  vi.advanceTimersByTime(50);
  last().open();
  last().send(run('zzzzzzzz'));
  last().send({ type: 'log', runId: 'abcdefgh', bytes: 12 });
  expect(heard.mock.calls).toEqual([[{ type: 'log', runId: 'abcdefgh', bytes: 12 }]]);
});

it('says reconnecting, then stale; polls meanwhile; asks for everything again when it is back', () => {
  const heard = vi.fn();
  live.subscribe(['entity:team'], heard);
  vi.advanceTimersByTime(50);
  last().open();
  expect(live.status().state).toBe('live');
  last().fail(true);
  expect(live.status().state).toBe('reconnecting');
  for (let second = 0; second < 16; second += 1) {
    vi.advanceTimersByTime(1000);
    if (last().readyState === 0) last().fail(true);
  }
  expect(live.status().state).toBe('stale');
  expect(heard).toHaveBeenCalledWith({ type: 'reset' });
  heard.mockClear();
  vi.advanceTimersByTime(40_000);
  last().open();
  expect(live.status().state).toBe('live');
  expect(heard).toHaveBeenLastCalledWith({ type: 'reset' });
  heard.mockClear();
  vi.advanceTimersByTime(60_000);
  expect(heard).not.toHaveBeenCalled();
});

it('does not wait for the backoff when the network is back', () => {
  live.subscribe(['entity:team']);
  vi.advanceTimersByTime(50);
  last().fail(true);
  live.wake();
  expect(sources).toHaveLength(2);
});

it('tells of topics whose stream stands now, so that what was read before it is read again', () => {
  const opened = vi.fn();
  live.onOpened(opened);
  live.subscribe(['entity:team']);
  vi.advanceTimersByTime(50);
  expect(opened).not.toHaveBeenCalled();
  last().open();
  expect(opened).toHaveBeenLastCalledWith(['entity:team']);
  live.subscribe(['run:abcdefgh']);
  vi.advanceTimersByTime(50);
  last().open();
  expect(opened.mock.calls).toEqual([[['entity:team']], [['run:abcdefgh']]]);
});
