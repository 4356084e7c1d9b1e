import { KUBERNETES, scalarsForTexts } from '@/core/api-schemas';
import type { Keys, SubmissionDocument } from '../shared/document';

/**
 * Numbers and truth values become texts where Kubernetes has texts and would refuse anything else: variables, arguments, labels,
 * annotations, node selectors. So `value: {{learning_rate}}` may be a number for the one who launches.
 */
export function makeTexts(doc: SubmissionDocument, keys: Keys, definition: string): void {
  const schema = KUBERNETES.definitions[definition];
  const value = doc.get(keys);
  if (schema === undefined || value === undefined) return;
  for (const path of scalarsForTexts(KUBERNETES, schema, value)) {
    const place = [...keys, ...path];
    doc.set(place, JSON.stringify(doc.get(place)), doc.origin(place));
  }
}
