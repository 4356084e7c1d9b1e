'use client';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { configSourceSchema, templateVariablesSchema, type Queue } from '@/core/wire';
import { forget, recall, remember } from '../lib/stored';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { RelativeTime } from '../ui/time';
import type { ConfigDraft } from './use-config-draft';

const storedSchema = z.object({
  version: z.int(),
  config: configSourceSchema,
  templates: templateVariablesSchema,
});
/** How long nothing must be typed before it is kept, milliseconds. */
const QUIET_MS = 400;

const keyOf = ({ entity, name }: Queue): string => `config:${entity}/${name}`;
export const forgetEdit = (queue: Queue): void => forget(keyOf(queue));

/** Keeps changes of a configuration in this browser until they are saved or discarded, and offers what an earlier visit left. */
export function EditDraft({ base, draft, dirty }: { base: Queue; draft: ConfigDraft; dirty: boolean }) {
  const key = keyOf(base);
  const [found, setFound] = useState(() => recall(key, storedSchema));
  const { format, source, templates } = draft;
  useEffect(() => {
    if (!dirty) return;
    const timer = setTimeout(
      () => remember(key, { version: base.version, config: { format, source }, templates }),
      QUIET_MS,
    );
    return () => clearTimeout(timer);
  }, [key, dirty, base.version, format, source, templates]);
  if (found === undefined || dirty) return null;
  const { value, at } = found;
  return (
    <Notice
      actions={
        <span className="flex gap-2">
          <Button
            size="sm"
            onClick={() => {
              setFound(undefined);
              draft.replace(value.config, value.templates);
            }}
          >
            Take them up
          </Button>
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              setFound(undefined);
              forget(key);
            }}
          >
            Forget them
          </Button>
        </span>
      }
    >
      Changes of version {value.version} that were not saved are kept in this browser, from{' '}
      <RelativeTime at={new Date(at).toISOString()} />.
    </Notice>
  );
}
