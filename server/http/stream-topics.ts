import { notFound, ProblemError, refused } from '@/core/problems';
import { RUN_ID } from '@/core/wire';
import type { StreamMessage } from '@/core/wire';
import { requireEntity } from '../access';
import type { UserActor } from '../access';
import { findQueue } from '../queues';
import { getRun } from '../runs';
import type { Services } from '../services';

export type Topic =
  | { kind: 'run'; id: string }
  | { kind: 'queue'; entity: string; queue: string }
  | { kind: 'entity'; entity: string };

const MAX_TOPICS = 50;

/** `run:ID,queue:ENTITY/NAME,entity:NAME`; 422 names the topic that cannot be read. */
export function parseTopics(text: string): Topic[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MAX_TOPICS)
    throw refused('Too many topics.', [{ path: 'topic', message: `must be at most ${MAX_TOPICS}` }]);
  return parts.map((part) => {
    const [kind, rest = ''] = split(part, ':');
    const [entity, queue] = split(rest, '/');
    if (kind === 'run' && RUN_ID.test(rest)) return { kind, id: rest };
    if (kind === 'queue' && entity && queue) return { kind, entity, queue };
    if (kind === 'entity' && rest) return { kind, entity: rest };
    throw refused('A topic cannot be read.', [
      { path: 'topic', message: `"${part}" is none of run:ID, queue:ENTITY/NAME, entity:NAME` },
    ]);
  });
}

function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Whether the user may hear of all topics; throws the refusal of the first that is not theirs. */
export async function authorizeTopics(
  services: Services,
  actor: UserActor,
  topics: readonly Topic[],
): Promise<void> {
  for (const topic of topics) {
    if (topic.kind === 'run') {
      await getRun(services, actor, { id: topic.id });
    } else {
      const { id } = await requireEntity(services, actor, topic.entity, 'viewer');
      if (topic.kind === 'queue') await findQueue(services, id, topic.queue);
    }
  }
  if (topics.length === 0) throw notFound('A topic');
}

/** The topics that the user may not hear, or that do not exist. */
export async function refusedTopics(
  services: Services,
  actor: UserActor,
  topics: readonly Topic[],
): Promise<Topic[]> {
  const verdicts = await Promise.all(
    topics.map((topic) =>
      authorizeTopics(services, actor, [topic]).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ProblemError) return false;
          throw error;
        },
      ),
    ),
  );
  return topics.filter((_, index) => verdicts[index] === false);
}

/** A topic as it is asked for. */
export function topicText(topic: Topic): string {
  if (topic.kind === 'run') return `run:${topic.id}`;
  return topic.kind === 'queue' ? `queue:${topic.entity}/${topic.queue}` : `entity:${topic.entity}`;
}

/** Whether a message belongs to one of the topics. `reset` is everybody's. */
export function concerns(topics: readonly Topic[], message: StreamMessage): boolean {
  if (message.type === 'reset') return true;
  if (message.type === 'refused') return false;
  return topics.some((topic) => {
    switch (topic.kind) {
      case 'run':
        return (message.type === 'run' || message.type === 'log') && message.runId === topic.id;
      case 'queue':
        return (
          (message.type === 'run' || message.type === 'queue') &&
          message.entity === topic.entity &&
          message.queue === topic.queue
        );
      case 'entity':
        return message.type !== 'log' && message.entity === topic.entity;
    }
  });
}
