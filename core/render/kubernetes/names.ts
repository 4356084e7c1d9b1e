import type { LaunchSpec } from '@/core/wire';
import type { SubmissionDocument } from '../shared/document';
import type { Problems } from '../shared/problems';

/** Longest name of an object whose name becomes a label of its pods. */
const MAX_NAME = 63;
/** Longest name that is made here: operators add suffixes to it (`-launcher`, `-worker-0`). */
const MAX_MADE = 47;

/**
 * Names a custom resource. A name without the run id would be the same for the next run, which would then take the object for its own;
 * one that is too long is cut where the run id is not.
 */
export function nameCustomResource(doc: SubmissionDocument, spec: LaunchSpec, problems: Problems): void {
  const keys = ['metadata', 'name'];
  const name = doc.get(keys);
  const origin = doc.origin(keys);
  if (typeof name !== 'string' || name === '') {
    doc.set(keys, spec.runId);
    return;
  }
  if (!name.includes(spec.runId)) {
    problems.warn(
      'The run id is added to the name, since each run needs its own; use ${run_id} in it.',
      keys,
    );
    doc.set(keys, `${cut(name, MAX_MADE - spec.runId.length - 1)}-${spec.runId}`, origin);
    return;
  }
  if (name.length <= MAX_NAME) return;
  problems.warn(`The name is cut to ${MAX_MADE} characters; the run id in it keeps it unique.`, keys);
  const rest = name.replace(spec.runId, '').replace(/-{2,}/g, '-');
  doc.set(keys, `${spec.runId}-${cut(rest.replace(/^-+/, ''), MAX_MADE - spec.runId.length - 1)}`, origin);
}

/** A prefix of a name that can stand before or after a dash. */
const cut = (text: string, length: number) => text.slice(0, length).replace(/[-.]+$/, '');
