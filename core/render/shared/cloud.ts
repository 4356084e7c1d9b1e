import { isJsonObject } from '@/core/config-tree';
import type { Json, JsonObject, LaunchSpec } from '@/core/wire';
import type { RenderContext } from '../types';
import { renderConfig } from './config';
import type { RenderedConfig } from './config';
import { SubmissionDocument } from './document';
import type { Problems } from './problems';

/** Stands in a shown document for the value of a secret, which the agent puts in when it sends it. */
export const SECRET_PLACEHOLDER = '<secret>';

/** The configuration of a cluster or cloud queue as the beginning of a document; `<REQUIRED>` left in it is an error. */
export function startDocument(
  spec: LaunchSpec,
  context: RenderContext,
  problems: Problems,
): SubmissionDocument {
  const { config, origins }: RenderedConfig = renderConfig(spec, context);
  if (config !== null && !isJsonObject(config)) problems.error('The configuration is a map.');
  const root: JsonObject = isJsonObject(config) ? config : {};
  findRequired(root, [], problems);
  return new SubmissionDocument(root, origins);
}

function findRequired(value: Json, keys: string[], problems: Problems): void {
  if (value === '<REQUIRED>') problems.error('A value is required here; replace <REQUIRED>.', keys);
  else if (Array.isArray(value))
    value.forEach((item, index) => findRequired(item, [...keys, String(index)], problems));
  else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) findRequired(item, [...keys, key], problems);
  }
}

/** A text as a label value of Kubernetes: at most 63 characters of `[A-Za-z0-9._-]`, ends being letters or digits. */
export const labelValue = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, '');
