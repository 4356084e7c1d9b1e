import { didYouMean, isJsonObject } from '@/core/config-tree';
import type { Json, JsonObject, LaunchSpec } from '@/core/wire';
import { SECRET_PLACEHOLDER, labelValue, startDocument } from '../shared/cloud';
import { SubmissionDocument } from '../shared/document';
import type { Keys } from '../shared/document';
import { mergeEnv } from '../shared/environment';
import type { EnvEntry } from '../shared/environment';
import { Problems } from '../shared/problems';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';
import { toCamel } from './camel';

/** Where each setting goes in the body of `customJobs.create`; null: it is no part of the body. */
const SPEC_KEYS: ReadonlyMap<string, Keys | null> = new Map<string, Keys | null>([
  ['displayName', ['displayName']],
  ['workerPoolSpecs', ['jobSpec', 'workerPoolSpecs']],
  ['labels', ['labels']],
  ['encryptionSpecKeyName', ['encryptionSpec', 'kmsKeyName']],
  ['persistentResourceId', ['jobSpec', 'persistentResourceId']],
  ['baseOutputDir', ['jobSpec', 'baseOutputDirectory', 'outputUriPrefix']],
  ['stagingBucket', null],
  // The agent calls the project and region of its own environment, or these.
  ['project', null],
  ['location', null],
]);
const RUN_KEYS: ReadonlyMap<string, Keys | null> = new Map<string, Keys | null>([
  ['serviceAccount', ['jobSpec', 'serviceAccount']],
  ['network', ['jobSpec', 'network']],
  ['enableWebAccess', ['jobSpec', 'enableWebAccess']],
  ['tensorboard', ['jobSpec', 'tensorboard']],
  ['experiment', ['jobSpec', 'experiment']],
  ['experimentRun', ['jobSpec', 'experimentRun']],
  ['persistentResourceId', ['jobSpec', 'persistentResourceId']],
  ['restartJobOnWorkerRestart', ['jobSpec', 'scheduling', 'restartJobOnWorkerRestart']],
  ['disableRetries', ['jobSpec', 'scheduling', 'disableRetries']],
  ['timeout', ['jobSpec', 'scheduling', 'timeout']],
  // Of the Python call only: Slipway always starts the job and watches it.
  ['sync', null],
  ['createRequestTimeout', null],
]);

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
  for (const [name, value] of Object.entries(runLabels(spec))) doc.set(['labels', name], value);
  fillPools(doc, spec, context, problems);
  fillOutput(source, doc, spec, problems);
  fillTimeout(doc, problems);
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
    else if (Object.keys(pool).length > 0 && doc.absent([...keys, 'pythonPackageSpec'])) {
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
  fillEnv(doc, [...container, 'env'], spec, context, problems);
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

/** The SDK takes seconds, the REST interface a text such as `3600s`. */
function fillTimeout(doc: SubmissionDocument, problems: Problems): void {
  const keys: Keys = ['jobSpec', 'scheduling', 'timeout'];
  const timeout = doc.get(keys);
  if (timeout === undefined) return;
  const text =
    typeof timeout === 'number'
      ? String(timeout)
      : typeof timeout === 'string'
        ? timeout.replace(/s$/, '')
        : '';
  if (!/^\d+(\.\d{1,9})?$/.test(text))
    problems.error('timeout is a number of seconds, such as 3600.', ['run', 'timeout']);
  else doc.set(keys, `${text}s`, doc.origin(keys));
}

/** Labels of Google Cloud are lower case: letters, digits, `_` and `-`. */
function runLabels(spec: LaunchSpec): Record<string, string> {
  const value = (text: string) => labelValue(text).toLowerCase().replaceAll('.', '-');
  return {
    'slipway-run-id': spec.runId,
    'slipway-queue': value(spec.queue),
    'slipway-entity': value(spec.entity),
  };
}
