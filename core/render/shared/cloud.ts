import { checkApi } from '@/core/api-schemas';
import type { ApiDocument } from '@/core/api-schemas';
import { formatPath, isJsonObject, treeFromJson } from '@/core/config-tree';
import type { Json, JsonObject, LaunchSpec } from '@/core/wire';
import type { RenderContext } from '../types';
import { renderConfig } from './config';
import type { RenderedConfig } from './config';
import { SubmissionDocument } from './document';
import type { Problems } from './problems';

/** Stands in a shown document for the value of a secret, which the agent puts in when it sends it. */
export const SECRET_PLACEHOLDER = '<secret>';

/** What the examples hold where a value has to be put in. */
export const REQUIRED = '<REQUIRED>';

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
  if (value === REQUIRED) problems.error(`A value is required here; replace ${REQUIRED}.`, keys);
  else if (Array.isArray(value))
    value.forEach((item, index) => findRequired(item, [...keys, String(index)], problems));
  else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) findRequired(item, [...keys, key], problems);
  }
}

/**
 * Whether the service would take the finished document, as far as its own description says. What has an error already is not said
 * again; `toKeys` gives the place in the queue's configuration.
 */
export function checkDocument(
  doc: SubmissionDocument,
  schema: ApiDocument,
  problems: Problems,
  toKeys: (keys: readonly string[]) => readonly string[] = (keys) => keys,
): void {
  const said = new Set(problems.list.filter(({ severity }) => severity === 'error').map(({ path }) => path));
  for (const { severity, keys, message } of checkApi(treeFromJson(doc.root), schema, { document: schema })) {
    const place = toKeys(keys);
    const path = formatPath(place);
    if (![...said].some((known) => known === path || known?.startsWith(`${path}.`))) {
      problems.add(severity, `${path} ${message}.`, place);
    }
  }
}

/** The name under which the cloud knows one execution of a run; it cannot be used twice. */
export const executionName = (runId: string, execution = 1): string =>
  execution > 1 ? `${runId}-${execution}` : runId;

/** What is to be known where a cloud has no other place for secrets than the job's plain environment. */
export function noteSecrets(names: readonly string[], where: string, problems: Problems): void {
  if (names.length === 0) return;
  const list = names.join(', ');
  problems.info(
    `Secrets of the queue (${list}) are sent in ${where}: whoever may read the job in the cloud's console can read them. Slipway shows and stores them nowhere.`,
  );
}

/** A text as a label value of Kubernetes: at most 63 characters of `[A-Za-z0-9._-]`, ends being letters or digits. */
export const labelValue = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, '');
