import { join } from 'node:path';
import { resourceSchema } from '@/core/wire';
import { z } from 'zod';
import { readFileIfExists, writeFileAtomic } from '../support/files';

const entrySchema = z.object({
  id: z.string(),
  attempt: z.int(),
  resource: resourceSchema,
  externalRef: z.string(),
  /** Whether the runner shall remove what is left of the run once its result is reported (`--rm`). */
  removeAtEnd: z.boolean(),
});
/** A run that was, or is about to be, handed to its resource. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** Which runs this agent has handed to a resource and not yet brought to an end; kept on disk, so that a restart knows of them. */
export interface Journal {
  readonly entries: ReadonlyMap<string, JournalEntry>;
  put(entry: JournalEntry): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Opens `journal.json`. One that cannot be read is an error: going on without it could leave a container without a master. */
export async function openJournal(directory: string): Promise<Journal> {
  const path = join(directory, 'journal.json');
  const text = await readFileIfExists(path);
  const entries = new Map<string, JournalEntry>();
  if (text !== null) {
    const parsed = z.array(entrySchema).safeParse(parseJson(text));
    if (!parsed.success) {
      throw new Error(
        `${path} is damaged. Look after the containers labelled slipway.dev/run-id by hand, then remove the file.`,
      );
    }
    for (const entry of parsed.data) entries.set(entry.id, entry);
  }
  let writing: Promise<void> = Promise.resolve();
  const save = () => {
    // One write after the other; each takes what is there when its turn comes.
    const next = writing
      .catch(() => undefined)
      .then(() => writeFileAtomic(path, JSON.stringify([...entries.values()], null, 1)));
    writing = next;
    return next;
  };
  return {
    entries,
    put: (entry) => {
      entries.set(entry.id, entry);
      return save();
    },
    remove: async (id) => {
      if (entries.delete(id)) await save();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
