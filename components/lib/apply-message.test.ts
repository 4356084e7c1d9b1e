import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import type { StreamMessage } from '@/core/wire';
import { applyMessage } from './apply-message';

const message: StreamMessage = {
  type: 'run',
  runId: 'bbb',
  entity: 'team',
  queue: 'q',
  state: 'running',
  stopping: false,
  seq: 4,
};
const run = (id: string) => ({
  id,
  state: 'pending',
  stopping: false,
  waiting: { message: '2nd of 3' },
  name: id,
});

it('shows the state that a message tells of at once, on the page of the run and in every list that holds it', () => {
  const client = new QueryClient();
  const lists = [
    ['entity', 'team', 'runs', { queue: 'q' }],
    ['entity', 'team', 'runs', {}],
  ];
  client.setQueryData(['run', 'bbb'], run('bbb'));
  for (const key of lists)
    client.setQueryData(key, {
      pages: [{ items: [run('aaa')] }, { items: [run('bbb'), run('ccc')] }],
      pageParams: [],
    });
  applyMessage(client, message);
  const begun = { id: 'bbb', state: 'running', stopping: false, waiting: null, name: 'bbb' };
  expect(client.getQueryData(['run', 'bbb'])).toEqual(begun);
  for (const key of lists)
    expect(client.getQueryData(key)).toMatchObject({
      pages: [{ items: [run('aaa')] }, { items: [begun, run('ccc')] }],
    });
});

it('leaves alone what it is not about, and makes nothing up', () => {
  const client = new QueryClient();
  const others: [readonly unknown[], unknown][] = [
    [['entity', 'team', 'runs', 'histogram'], { buckets: [{ at: '2026-01-01' }] }],
    [['entity', 'team', 'runs', {}], { pages: [{ items: [run('aaa')] }] }],
    [['entity', 'other', 'runs', {}], { pages: [{ items: [run('bbb')] }] }],
  ];
  for (const [key, data] of others) client.setQueryData(key, data);
  applyMessage(client, message);
  for (const [key, data] of others) expect(client.getQueryData(key)).toBe(data);
  expect(client.getQueryData(['run', 'bbb'])).toBeUndefined();
});
