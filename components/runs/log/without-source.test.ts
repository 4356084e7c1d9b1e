import { expect, it } from 'vitest';
import { withoutSource } from './without-source';

it('takes the name of the writer from a line, and nothing that only looks like it', () => {
  expect(withoutSource('[pod-a] epoch 1', 'pod-a')).toBe('epoch 1');
  expect(withoutSource('[pod-a] [pod-a] epoch 1', 'pod-a')).toBe('[pod-a] epoch 1');
  expect(withoutSource('[pod-b] epoch 1', 'pod-a')).toBe('[pod-b] epoch 1');
  expect(withoutSource('[INFO] epoch 1', null)).toBe('[INFO] epoch 1');
});
