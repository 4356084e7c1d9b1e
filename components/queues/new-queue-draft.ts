'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { RESOURCE_EXAMPLES } from '@/core/queue-config';
import { SAMPLE_QUEUES } from '@/core/queue-config/samples';
import {
  RESOURCES,
  configSourceSchema,
  createQueueSchema,
  resourceSchema,
  templateVariablesSchema,
  type Queue,
  type ResourceId,
} from '@/core/wire';
import { useSearchParam } from '../lib/search-param';
import { forget, recall, remember } from '../lib/stored';
import { queueQueries } from './queries';

const draftSchema = z.object({
  entity: z.string(),
  name: z.string(),
  resource: resourceSchema,
  prioritized: z.boolean(),
  description: z.string(),
  maxInFlight: z.string(),
  config: configSourceSchema,
  templates: templateVariablesSchema,
  /** Settings that the page does not show, of a queue that is duplicated. */
  kept: createQueueSchema
    .pick({ retryPolicy: true, overrideAllow: true, startTimeoutSeconds: true, stopGraceSeconds: true })
    .optional(),
});
/** The create-queue page as it was left. */
export type NewQueueDraft = z.infer<typeof draftSchema>;

const emptyDraft = (entity: string): NewQueueDraft => ({
  entity,
  name: '',
  resource: 'local-container',
  prioritized: false,
  description: '',
  maxInFlight: '',
  config: { format: 'yaml', source: RESOURCE_EXAMPLES['local-container'].yaml },
  templates: {},
});

function sampleDraft(entity: string, resource: ResourceId): NewQueueDraft {
  const { name, description, source, templates } = SAMPLE_QUEUES[resource];
  return {
    ...emptyDraft(entity),
    name,
    resource,
    description,
    config: { format: 'yaml', source },
    templates,
  };
}

const copyDraft = (entity: string, queue: Queue): NewQueueDraft => ({
  entity,
  name: `${queue.name.slice(0, 59)}-copy`,
  resource: queue.resource,
  prioritized: queue.prioritized,
  description: queue.description,
  maxInFlight: queue.maxInFlight === null ? '' : String(queue.maxInFlight),
  config: queue.config,
  templates: queue.templates,
  kept: {
    retryPolicy: queue.retryPolicy,
    overrideAllow: queue.overrideAllow,
    startTimeoutSeconds: queue.startTimeoutSeconds,
    stopGraceSeconds: queue.stopGraceSeconds,
  },
});

export interface StartingPoint {
  /** Tells what is kept for an empty page, a sample and a copy apart. */
  key: string;
  draft: NewQueueDraft;
  /** What the page begins with when nothing was kept. */
  fresh: NewQueueDraft;
  restored: boolean;
}

/**
 * What the page begins with: what was kept in this browser, else what the address asks for (`?sample=kubernetes`, `?from=QUEUE`), else an
 * example. `undefined` until that is known.
 */
export function useStartingPoint(entity: string): { start: StartingPoint | undefined; error: Error | null } {
  const [sample] = useSearchParam('sample');
  const [from] = useSearchParam('from');
  const copied = useQuery({
    ...queueQueries.one(entity, from),
    enabled: from !== '',
    staleTime: Infinity,
  });
  const [start, setStart] = useState<StartingPoint>();
  const resource = RESOURCES.find((id) => id === sample);
  const queue = copied.data;
  useEffect(() => {
    if (from !== '' && queue === undefined) return;
    const key = `new-queue${from !== '' ? `:from:${from}` : resource === undefined ? '' : `:${resource}`}`;
    const fresh =
      queue !== undefined
        ? copyDraft(entity, queue)
        : resource === undefined
          ? emptyDraft(entity)
          : sampleDraft(entity, resource);
    const stored = recall(key, draftSchema)?.value;
    // What a person has begun with stays, whatever becomes of the queue it is a copy of.
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the storage of the browser is not there while the server renders
    setStart((before) =>
      before?.key === key ? before : { key, fresh, draft: stored ?? fresh, restored: stored !== undefined },
    );
  }, [entity, from, queue, resource]);
  return { start, error: copied.error };
}

export const storeDraft = (key: string, draft: NewQueueDraft): void => remember(key, draft);
export const forgetDraft = (key: string): void => forget(key);
