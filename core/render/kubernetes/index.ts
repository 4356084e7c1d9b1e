import { stringify } from 'yaml';
import { isJsonObject } from '@/core/config-tree';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';
import type { JsonObject, LaunchSpec } from '@/core/wire';
import { labelValue, startDocument } from '../shared/cloud';
import type { Keys, SubmissionDocument } from '../shared/document';
import { Problems } from '../shared/problems';
import { guardProblems } from './guard';
import { hardenJob, moveMisplaced } from './job';
import { fillOwnWays, isCommandPlace, moveKubeflowTtl } from './kinds';
import { nameCustomResource } from './names';
import { fillPodTemplate } from './pod-template';
import { makeTexts } from './texts';

const FIRST_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'];

/** A run as it is created in a cluster, and by what it is found there. */
export interface KubernetesPlan extends Rendered {
  document: JsonObject;
  /** `namespace` is undefined where neither the queue nor the context names one. */
  object: { apiVersion: string; kind: string; namespace: string | undefined; name: string };
  /** Whether the document takes variables from the run's Secret. */
  usesSecrets: boolean;
}

export const renderKubernetes = (spec: LaunchSpec, context: RenderContext): Rendered => {
  const { submission, problems } = kubernetesPlan(spec, context);
  return { submission, problems };
};

/**
 * The object that is created: a Job with everything filled in that the configuration leaves open, or the custom resource as
 * configured, with the run's image, command, environment and labels put into each of its pod templates.
 */
export function kubernetesPlan(spec: LaunchSpec, context: RenderContext): KubernetesPlan {
  const problems = new Problems();
  guardProblems(spec, context, problems);
  const doc = startDocument(spec, context, problems);
  const isJob = isPlainJob(doc);
  const labels = runLabels(spec, context);
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
    fillPodTemplate(doc, ['spec', 'template'], { spec, context, labels, problems, command: true });
    hardenJob(doc);
    setPullSecret(doc, ['spec', 'template'], context);
    makeTexts(doc, ['spec'], 'JobSpec');
  } else {
    for (const key of ['apiVersion', 'kind']) {
      if (typeof doc.get([key]) !== 'string') problems.error(`A custom resource needs ${key}.`, [key]);
    }
    nameCustomResource(doc, spec, problems);
    moveKubeflowTtl(doc, problems);
    const templates = podTemplates(doc);
    for (const keys of templates) {
      const command = isCommandPlace(doc.get(['kind']), keys);
      fillPodTemplate(doc, keys, { spec, context, labels, problems, command });
      setPullSecret(doc, keys, context);
      makeTexts(doc, keys, 'PodTemplateSpec');
    }
    const filled = fillOwnWays(doc, { spec, context, labels, problems, command: true });
    if (templates.length === 0 && !filled) {
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
  for (const [name, value] of Object.entries(runAnnotations(spec, context)))
    doc.set(['metadata', 'annotations', name], value);
  makeTexts(doc, ['metadata'], 'ObjectMeta');
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
    document,
    object: {
      apiVersion: textAt(doc, ['apiVersion']) ?? '',
      kind: textAt(doc, ['kind']) ?? '',
      namespace: textAt(doc, ['metadata', 'namespace']),
      name: textAt(doc, ['metadata', 'name']) ?? spec.runId,
    },
    usesSecrets: (context.secretNames ?? []).length > 0,
  };
}

function setPullSecret(doc: SubmissionDocument, template: Keys, { imagePullSecret }: RenderContext): void {
  if (imagePullSecret !== undefined)
    doc.setIfAbsent([...template, 'spec', 'imagePullSecrets'], [{ name: imagePullSecret }]);
}

function textAt(doc: SubmissionDocument, keys: Keys): string | undefined {
  const value = doc.get(keys);
  return typeof value === 'string' ? value : undefined;
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

/** Where pod templates stand: maps with `spec.containers`; a bare Pod is its own template. */
function podTemplates(doc: SubmissionDocument): Keys[] {
  const found: Keys[] = [];
  for (const { keys, value } of doc.objects()) {
    const podSpec = value['spec'];
    if (isJsonObject(podSpec) && Array.isArray(podSpec['containers'])) found.push(keys);
  }
  return found;
}

/** Which execution of its run an object is of; without it, of the first. */
export const EXECUTION_ANNOTATION = 'slipway.dev/execution';

/** By these the run's objects and pods are found; what a label cannot hold is in the annotations as it is. */
const runLabels = (spec: LaunchSpec, { agentName }: RenderContext): Record<string, string> => ({
  'slipway.dev/run-id': spec.runId,
  'slipway.dev/queue': labelValue(spec.queue),
  'slipway.dev/entity': labelValue(spec.entity),
  ...(agentName === undefined ? {} : { 'slipway.dev/agent': labelValue(agentName) }),
});

const runAnnotations = (
  spec: LaunchSpec,
  { agentName, execution = 1 }: RenderContext,
): Record<string, string> => ({
  'slipway.dev/run-id': spec.runId,
  // The name is the same each time: by this what an earlier execution left is told from a job that is at work.
  ...(execution > 1 ? { [EXECUTION_ANNOTATION]: String(execution) } : {}),
  'slipway.dev/queue': `${spec.entity}/${spec.queue}`,
  ...(agentName === undefined ? {} : { 'slipway.dev/agent': agentName }),
});

function inUsualOrder(root: JsonObject): JsonObject {
  const keys = [
    ...FIRST_KEYS.filter((key) => Object.hasOwn(root, key)),
    ...Object.keys(root).filter((key) => !FIRST_KEYS.includes(key)),
  ];
  return Object.fromEntries(keys.map((key) => [key, root[key] ?? null]));
}
