import { stringify } from 'yaml';
import { isJsonObject } from '@/core/config-tree';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';
import type { JsonObject, LaunchSpec } from '@/core/wire';
import { labelValue, startDocument } from '../shared/cloud';
import type { Keys, SubmissionDocument } from '../shared/document';
import { Problems } from '../shared/problems';
import { fillPodTemplate } from './pod-template';
import { hardenJob, moveMisplaced } from './job';

const FIRST_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'];

/**
 * The object that is created: a Job with everything filled in that the configuration leaves open, or the custom resource as
 * configured, with the run's image, command, environment and labels put into each of its pod templates.
 */
export function renderKubernetes(spec: LaunchSpec, context: RenderContext): Rendered {
  const problems = new Problems();
  const doc = startDocument(spec, context, problems);
  const isJob = isPlainJob(doc);
  const labels = runLabels(spec);
  setNamespace(doc, context);

  if (isJob) {
    doc.setIfAbsent(['apiVersion'], 'batch/v1');
    doc.setIfAbsent(['kind'], 'Job');
    moveMisplaced(doc, problems);
    if (!doc.absent(['metadata', 'name']) && doc.get(['metadata', 'name']) !== spec.runId) {
      problems.warn('The name of the Job is replaced by the run id, by which it is found again.', [
        'metadata',
        'name',
      ]);
    }
    doc.set(['metadata', 'name'], spec.runId);
    fillPodTemplate(doc, ['spec', 'template'], { spec, context, labels, problems });
    hardenJob(doc);
    if (context.imagePullSecret !== undefined) {
      doc.setIfAbsent(['spec', 'template', 'spec', 'imagePullSecrets'], [{ name: context.imagePullSecret }]);
    }
  } else {
    for (const key of ['apiVersion', 'kind']) {
      if (typeof doc.get([key]) !== 'string') problems.error(`A custom resource needs ${key}.`, [key]);
    }
    nameCustomResource(doc, spec, problems);
    const templates = podTemplates(doc);
    for (const keys of templates) fillPodTemplate(doc, keys, { spec, context, labels, problems });
    if (templates.length === 0) {
      problems.warn(
        'No pod template was found in this resource, so environment, command and labels of the run are not put in.',
      );
    }
  }
  if (!doc.absent(['metadata', 'generateName'])) {
    problems.warn('generateName is left out: the name has to be known beforehand.', [
      'metadata',
      'generateName',
    ]);
    doc.remove(['metadata', 'generateName']);
  }
  for (const [name, value] of Object.entries(labels)) doc.set(['metadata', 'labels', name], value);
  if (context.image === null)
    problems.info(
      `The image is not known yet: the agent builds it. ${IMAGE_PLACEHOLDER} stands in its place.`,
    );

  const document = inUsualOrder(doc.root);
  return {
    submission: {
      kind: 'kubernetes',
      text: stringify(document, { lineWidth: 0 }),
      document,
      origins: doc.origins(),
    },
    problems: problems.list,
  };
}

function isPlainJob(doc: SubmissionDocument): boolean {
  const [apiVersion, kind] = [doc.get(['apiVersion']) ?? 'batch/v1', doc.get(['kind']) ?? 'Job'];
  return apiVersion === 'batch/v1' && kind === 'Job';
}

/** `metadata.namespace`, else `namespace`, else what the agent says; left open otherwise. */
function setNamespace(doc: SubmissionDocument, context: RenderContext): void {
  if (!isJsonObject(doc.get(['metadata']))) doc.remove(['metadata']);
  if (!doc.absent(['namespace']) && doc.absent(['metadata', 'namespace']))
    doc.move(['namespace'], ['metadata', 'namespace']);
  doc.remove(['namespace']);
  if (context.namespace !== undefined) doc.setIfAbsent(['metadata', 'namespace'], context.namespace);
}

/** A name without the run id would be the same for the next run, which would then take the object for its own. */
function nameCustomResource(doc: SubmissionDocument, spec: LaunchSpec, problems: Problems): void {
  const name = doc.get(['metadata', 'name']);
  if (name === undefined || name === null) doc.set(['metadata', 'name'], spec.runId);
  else if (typeof name === 'string' && !name.includes(spec.runId)) {
    problems.warn('The run id is added to the name, since each run needs its own; use ${run_id} in it.', [
      'metadata',
      'name',
    ]);
    doc.set(['metadata', 'name'], `${name}-${spec.runId}`, doc.origin(['metadata', 'name']));
  }
}

/** Where pod templates stand: maps with `spec.containers`; a bare Pod is its own template. */
function podTemplates(doc: SubmissionDocument): Keys[] {
  const found: Keys[] = [];
  for (const { keys, value } of doc.objects()) {
    const podSpec = value['spec'];
    if (isJsonObject(podSpec) && Array.isArray(podSpec['containers'])) found.push(keys);
  }
  return found;
}

const runLabels = (spec: LaunchSpec): Record<string, string> => ({
  'slipway.dev/run-id': spec.runId,
  'slipway.dev/queue': labelValue(spec.queue),
  'slipway.dev/entity': labelValue(spec.entity),
});

function inUsualOrder(root: JsonObject): JsonObject {
  const keys = [
    ...FIRST_KEYS.filter((key) => Object.hasOwn(root, key)),
    ...Object.keys(root).filter((key) => !FIRST_KEYS.includes(key)),
  ];
  return Object.fromEntries(keys.map((key) => [key, root[key] ?? null]));
}
