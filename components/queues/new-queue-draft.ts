'use client';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { RESOURCE_INFO } from '@/core/queue-config';
import { configSourceSchema, resourceSchema, templateVariablesSchema } from '@/core/wire';

const KEY = 'slipway:new-queue';

const draftSchema = z.object({
  entity: z.string(),
  name: z.string(),
  resource: resourceSchema,
  prioritized: z.boolean(),
  description: z.string(),
  maxInFlight: z.string(),
  config: configSourceSchema,
  templates: templateVariablesSchema,
});
/** The create-queue page as it was left. */
export type NewQueueDraft = z.infer<typeof draftSchema>;

export const emptyDraft = (entity: string): NewQueueDraft => ({
  entity,
  name: '',
  resource: 'local-container',
  prioritized: false,
  description: '',
  maxInFlight: '',
  config: { format: 'yaml', source: RESOURCE_INFO['local-container'].example.yaml },
  templates: {},
});

/** What was kept in this browser; `undefined` until that is known, `restored` when there was something. */
export function useStoredDraft(entity: string): { draft: NewQueueDraft; restored: boolean } | undefined {
  const [found, setFound] = useState<{ draft: NewQueueDraft; restored: boolean }>();
  useEffect(() => {
    const stored = readDraft();
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the storage of the browser is not there while the server renders
    setFound(
      stored === undefined
        ? { draft: emptyDraft(entity), restored: false }
        : { draft: stored, restored: true },
    );
  }, [entity]);
  return found;
}

function readDraft(): NewQueueDraft | undefined {
  try {
    const parsed = draftSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // No storage (blocked by the browser) or not ours: begin anew.
    return undefined;
  }
}

export function storeDraft(draft: NewQueueDraft): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Full or blocked: the page works without it.
  }
}

export function forgetDraft(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Blocked: there was nothing to forget.
  }
}
