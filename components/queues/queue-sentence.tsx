'use client';
import { RESOURCE_INFO } from '@/core/queue-config/resources';
import { queueSentence } from '@/core/run-state/queue-state';
import type { QueueSummary } from '@/core/wire';
import { useNow } from '../lib/clock';

/** What a run launched on the queue now has to expect, in one sentence. */
export function QueueSentence({ queue }: { queue: QueueSummary }) {
  return queueSentence(queue, RESOURCE_INFO[queue.resource].label, useNow(false));
}
