import { ProblemError } from '@/core/problems';
import { streamMessageSchema, streamQuerySchema } from '@/core/wire';
import { endpoint } from '../endpoint';
import type { StreamHub } from '../stream-hub';
import { authorizeTopics, parseTopics, refusedTopics, topicText } from '../stream-topics';

/** Streams one server holds open; the next client is told to come again. */
const MAX_STREAMS = 5_000;

export const streamEndpoints = (hub: StreamHub) => [
  endpoint({
    method: 'get',
    path: '/api/v1/stream',
    tag: 'Events',
    caller: 'user',
    summary: 'What changes, as server-sent events',
    description:
      "Each event's data is a StreamMessage: it says that something changed, not the whole of it. Resume with Last-Event-ID; `reset` means that too much was missed. A comment comes every 15 seconds.",
    query: streamQuerySchema,
    answer: streamMessageSchema,
    rawAnswer: { type: 'text/event-stream', description: 'Events whose data is a StreamMessage' },
    headers: { 'Last-Event-ID': 'id of the last event that was received' },
    handle: async ({ services, actor, query, c }) => {
      const asked = parseTopics(query.topic);
      const refused = query.partial === undefined ? [] : await refusedTopics(services, actor, asked);
      const topics = asked.filter((topic) => !refused.includes(topic));
      if (refused.length === 0) await authorizeTopics(services, actor, topics);
      if (hub.clients >= MAX_STREAMS) {
        throw new ProblemError('unavailable', 'This server has as many event streams as it can hold.', {
          code: 'busy',
          retryAfterSeconds: 10,
        });
      }
      const stream = hub.open({
        topics,
        first: refused.length > 0 ? { type: 'refused', topics: refused.map(topicText) } : undefined,
        lastEventId: c.req.header('last-event-id'),
        stillAllowed: async () => {
          if (topics.length > 0) await authorizeTopics(services, actor, topics);
          return true;
        },
      });
      return c.body(stream, 200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
    },
  }),
];
