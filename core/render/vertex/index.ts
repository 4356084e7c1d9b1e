import { CUSTOM_JOB } from '@/core/api-schemas';
import { didYouMean, isJsonObject } from '@/core/config-tree';
import type { Json, JsonObject, LaunchSpec } from '@/core/wire';
import { SECRET_PLACEHOLDER, checkDocument, labelValue, noteSecrets, startDocument } from '../shared/cloud';
import { SubmissionDocument } from '../shared/document';
import type { Keys } from '../shared/document';
import { mergeEnv } from '../shared/environment';
import type { EnvEntry } from '../shared/environment';
import { Problems } from '../shared/problems';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';
import { snakeKey, toCamel } from './camel';
import { DURATIONS, RUN_KEYS, SPEC_KEYS } from './settings';

/** The body of `customJobs.create` of Vertex AI, from what the Python SDK takes for a `CustomJob` (`spec`) and its `run`. */
export function renderVertex(spec: LaunchSpec, context: RenderContext): Rendered {
  const problems = new Problems();
  const written = startDocument(spec, context, problems);
  const camel = toCamel(written.root, written.origins());
  const source = new SubmissionDocument(isJsonObject(camel.value) ? camel.value : {}, camel.origins);
  const doc = new SubmissionDocument({ displayName: null });
  copySettings(source, doc, 'spec', SPEC_KEYS, problems);
  copySettings(source, doc, 'run', RUN_KEYS, problems);
  for (const key of Object.keys(source.root)) {
    if (key !== 'spec' && key !== 'run')
      problems.error(`"${key}" is not known here; a Vertex queue has spec and run.`, [key]);
  }

  doc.setIfAbsent(['displayName'], spec.runName, 'launch');
  for (const [name, value] of Object.entries(runLabels(spec, context))) doc.set(['labels', name], value);
  fillPools(doc, spec, context, problems);
  fillOutput(source, doc, spec, problems);
  fillDurations(doc, problems);
  noteSecrets(context.secretNames ?? [], "the containers' env of the job", problems);
  checkDocument(doc, CUSTOM_JOB, problems, placeOf);
  if (context.image === null)
    problems.info(
      `The image is not known yet: the agent builds it. ${IMAGE_PLACEHOLDER} stands in its place.`,
    );
  return {
    submission: {
      kind: 'vertex',
      text: JSON.stringify(doc.root, null, 2),
      document: doc.root,
      origins: doc.origins(),
    },
    problems: problems.list,
  };
}

function copySettings(
  source: SubmissionDocument,
  doc: SubmissionDocument,
  part: 'spec' | 'run',
  places: ReadonlyMap<string, Keys | null>,
  problems: Problems,
): void {
  if (source.absent([part])) return;
  const settings = source.object([part]);
  if (settings === undefined) {
    problems.error(`${part} is a map.`, [part]);
    return;
  }
  for (const [key, value] of Object.entries(settings)) {
    const to = places.get(key);
    if (to === undefined)
      problems.error(`"${key}" is not a setting of ${part}${didYouMean(key, places.keys())}.`, [part, key]);
    else if (to !== null && value !== null) copyTree(source, [part, key], doc, to, value);
  }
}

/** Copies leaf by leaf, so that each keeps its origin. */
function copyTree(
  source: SubmissionDocument,
  from: Keys,
  doc: SubmissionDocument,
  to: Keys,
  value: Json,
): void {
  if (Array.isArray(value) && value.length > 0) {
    doc.set(to, []);
    value.forEach((item, index) => copyTree(source, [...from, index], doc, [...to, index], item));
  } else if (isJsonObject(value) && Object.keys(value).length > 0) {
    doc.setIfAbsent(to, {});
    for (const [key, item] of Object.entries(value))
      copyTree(source, [...from, key], doc, [...to, key], item);
  } else doc.set(to, value, source.origin(from));
}

function fillPools(
  doc: SubmissionDocument,
  spec: LaunchSpec,
  context: RenderContext,
  problems: Problems,
): void {
  const list: Keys = ['jobSpec', 'workerPoolSpecs'];
  const pools = doc.list(list);
  if (pools === undefined || pools.length === 0) {
    problems.error('spec.worker_pool_specs is a list with at least one pool.', ['spec', 'worker_pool_specs']);
    return;
  }
  pools.forEach((pool, index) => {
    const keys: Keys = [...list, index];
    if (!isJsonObject(pool))
      problems.error('A worker pool is a map.', ['spec', 'worker_pool_specs', String(index)]);
    // An empty pool keeps the numbers of the pools after it, which Vertex gives a meaning.
    else if (!doc.absent([...keys, 'pythonPackageSpec'])) {
      fillEnv(doc, [...keys, 'pythonPackageSpec', 'env'], spec, context, problems);
    } else if (Object.keys(pool).length > 0) {
      fillContainer(doc, [...keys, 'containerSpec'], spec, context, problems);
    }
  });
}

function fillContainer(
  doc: SubmissionDocument,
  container: Keys,
  spec: LaunchSpec,
  context: RenderContext,
  problems: Problems,
): void {
  const image = doc.get([...container, 'imageUri']) ?? null;
  fillEnv(doc, [...container, 'env'], spec, context, problems);
  // A pool with an image of its own (a reduction server, an evaluator) has its own command too.
  if (image !== null && image !== context.image && image !== '${image_uri}') return;
  doc.setIfAbsent([...container, 'imageUri'], context.image ?? IMAGE_PLACEHOLDER, 'launch');
  const args = [...spec.args];
  const entrypoint = spec.entrypoint ?? [];
  if (entrypoint.length > 0) {
    if (doc.absent([...container, 'command'])) doc.set([...container, 'command'], [...entrypoint], 'launch');
    else {
      problems.info(
        'The command of the queue stays; the entrypoint of the launch becomes its first arguments.',
        container.map(String),
      );
      args.unshift(...entrypoint);
    }
  }
  if (args.length > 0) {
    const own = doc.list([...container, 'args']);
    if (own === undefined) doc.set([...container, 'args'], args, 'launch');
    else for (const text of args) doc.set([...container, 'args', own.length], text, 'launch');
  }
}

/** Where a place of the request stands in the queue's configuration, as far as it can be said. */
function placeOf(keys: readonly string[]): readonly string[] {
  if (keys.length === 1 && keys[0] === 'jobSpec') return ['spec', 'worker_pool_specs'];
  for (const [part, places] of [
    ['run', RUN_KEYS],
    ['spec', SPEC_KEYS],
  ] as const) {
    for (const [key, place] of places) {
      if (place?.every((name, index) => keys[index] === name))
        return [part, snakeKey(key), ...keys.slice(place.length).map(snakeKey)];
    }
  }
  return keys;
}

function fillEnv(
  doc: SubmissionDocument,
  keys: Keys,
  spec: LaunchSpec,
  context: RenderContext,
  problems: Problems,
): void {
  const own = doc.list(keys) ?? [];
  const entries = own.map((item, index): EnvEntry => {
    const { name, value } = isJsonObject(item) ? item : ({} as JsonObject);
    const text =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : '';
    return {
      name: typeof name === 'string' ? name : '',
      value: text,
      origin: doc.origin([...keys, index, 'value']),
    };
  });
  const merged = mergeEnv(spec, context, context.image ?? IMAGE_PLACEHOLDER, entries, problems);
  doc.set(keys, []);
  const secrets = merged.secrets.map((name): EnvEntry => ({
    name,
    value: SECRET_PLACEHOLDER,
    origin: 'queue',
  }));
  [...merged.config, ...merged.launch, ...secrets, ...merged.run].forEach(
    ({ name, value, origin }, index) => {
      doc.set([...keys, index], { name, value: value ?? '' }, origin);
    },
  );
}

/** Vertex writes its output below the base output directory; by default a directory of the run in the staging bucket. */
function fillOutput(
  source: SubmissionDocument,
  doc: SubmissionDocument,
  spec: LaunchSpec,
  problems: Problems,
): void {
  const bucket = source.get(['spec', 'stagingBucket']);
  if (typeof bucket !== 'string' || bucket === '') {
    problems.error('spec.staging_bucket is required: a bucket of Cloud Storage.', ['spec', 'staging_bucket']);
    return;
  }
  const address = (bucket.startsWith('gs://') ? bucket : `gs://${bucket}`).replace(/\/+$/, '');
  doc.setIfAbsent(['jobSpec', 'baseOutputDirectory', 'outputUriPrefix'], `${address}/${spec.runId}`);
}

function fillDurations(doc: SubmissionDocument, problems: Problems): void {
  for (const name of DURATIONS) {
    const keys: Keys = ['jobSpec', 'scheduling', name];
    const value = doc.get(keys);
    if (value === undefined) continue;
    const text =
      typeof value === 'number' ? String(value) : typeof value === 'string' ? value.replace(/s$/, '') : '';
    if (/^\d+(\.\d{1,9})?$/.test(text)) doc.set(keys, `${text}s`, doc.origin(keys));
    else problems.error(`${snakeKey(name)} is a number of seconds, such as 3600.`, ['run', snakeKey(name)]);
  }
}

/** Labels of Google Cloud are lower case: letters, digits, `_` and `-`. */
function runLabels(spec: LaunchSpec, { execution = 1 }: RenderContext): Record<string, string> {
  const value = (text: string) => labelValue(text).toLowerCase().replaceAll('.', '-');
  return {
    'slipway-run-id': spec.runId,
    'slipway-execution': String(execution),
    'slipway-queue': value(spec.queue),
    'slipway-entity': value(spec.entity),
  };
}
