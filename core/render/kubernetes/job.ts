import { isJsonObject } from '@/core/config-tree';
import type { Json } from '@/core/wire';
import type { Keys, SubmissionDocument } from '../shared/document';
import type { Problems } from '../shared/problems';

const JOB_SPEC: Keys = ['spec'];
const TEMPLATE: Keys = ['spec', 'template'];
const POD_SPEC: Keys = ['spec', 'template', 'spec'];
/** Settings of a security context that a container has and a pod has not. */
const CONTAINER_ONLY = [
  'allowPrivilegeEscalation',
  'capabilities',
  'privileged',
  'readOnlyRootFilesystem',
  'procMount',
];

/** Settings of a security context that a pod has and a container has not. */
const POD_ONLY = [
  'fsGroup',
  'fsGroupChangePolicy',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'sysctls',
];

/** Settings of a security context that are put where Kubernetes accepts them. */
export const MOVED_SETTINGS: readonly string[] = [...CONTAINER_ONLY, ...POD_ONLY];

/**
 * Puts right what the guide of the original prints in the wrong place: `backOffLimit` is `backoffLimit`; it, `ttlSecondsAfterFinished`
 * and `securityContext` are found one level too deep; a security context of the pod has settings of containers.
 */
export function moveMisplaced(doc: SubmissionDocument, problems: Problems): void {
  for (const [name, right] of [
    ['backOffLimit', 'backoffLimit'],
    ['backoffLimit', 'backoffLimit'],
    ['ttlSecondsAfterFinished', 'ttlSecondsAfterFinished'],
  ] as const) {
    for (const place of [JOB_SPEC, TEMPLATE, POD_SPEC]) {
      if (place === JOB_SPEC && name === right) continue;
      if (!doc.absent([...place, name])) moveTo(doc, [...place, name], [...JOB_SPEC, right], problems);
    }
  }
  if (!doc.absent([...TEMPLATE, 'securityContext'])) {
    moveTo(doc, [...TEMPLATE, 'securityContext'], [...POD_SPEC, 'securityContext'], problems);
  }
}

function moveTo(doc: SubmissionDocument, from: Keys, to: Keys, problems: Problems): void {
  if (!doc.absent(to)) {
    problems.warn(`${from.join('.')} is left out: ${to.join('.')} is set too.`, from.map(String));
    doc.remove(from);
    return;
  }
  problems.warn(`${from.join('.')} is taken as ${to.join('.')}.`, from.map(String));
  doc.move(from, to);
}

/** Fills in what a Job leaves open: no retries of its own, gone a minute after its end, and no more rights than a program needs. */
export function hardenJob(doc: SubmissionDocument): void {
  doc.setIfAbsent([...JOB_SPEC, 'backoffLimit'], 0);
  doc.setIfAbsent([...JOB_SPEC, 'ttlSecondsAfterFinished'], 60);
  doc.setIfAbsent([...POD_SPEC, 'restartPolicy'], 'Never');
  liftPodSettings(doc);
  spreadContainerSettings(doc);
  doc.setIfAbsent([...POD_SPEC, 'securityContext', 'seccompProfile'], { type: 'RuntimeDefault' });
  for (const container of containers(doc)) {
    const context: Keys = [...container, 'securityContext'];
    // The API refuses a privileged container that must not escalate.
    if (doc.get([...context, 'privileged']) !== true)
      doc.setIfAbsent([...context, 'allowPrivilegeEscalation'], false);
    doc.setIfAbsent([...context, 'capabilities', 'drop'], ['ALL']);
  }
}

/** Settings that only a pod has, found in a container, go up to its pod. */
function liftPodSettings(doc: SubmissionDocument): void {
  for (const container of containers(doc)) {
    for (const name of POD_ONLY) {
      const from: Keys = [...container, 'securityContext', name];
      if (doc.absent(from)) continue;
      const to: Keys = [...POD_SPEC, 'securityContext', name];
      if (doc.absent(to)) doc.move(from, to);
      else doc.remove(from);
    }
  }
}

function spreadContainerSettings(doc: SubmissionDocument): void {
  const pod: Keys = [...POD_SPEC, 'securityContext'];
  if (!doc.absent(pod) && doc.object(pod) === undefined) return;
  for (const name of CONTAINER_ONLY) {
    const value = doc.get([...pod, name]);
    if (value === undefined) continue;
    const origin = doc.origin([...pod, name]);
    doc.remove([...pod, name]);
    for (const container of containers(doc))
      doc.setIfAbsent([...container, 'securityContext', name], tidy(value), origin);
  }
}

/** `False,` and `ALL,` as the guide prints them, commas included, which YAML reads as texts. */
function tidy(value: Json): Json {
  if (typeof value === 'string') {
    const text = value.replace(/,$/, '');
    return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text;
  }
  if (Array.isArray(value)) return value.map(tidy);
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tidy(item)]));
  return value;
}

function containers(doc: SubmissionDocument): Keys[] {
  return ['containers', 'initContainers'].flatMap((kind) =>
    (doc.list([...POD_SPEC, kind]) ?? []).flatMap((item, index) =>
      isJsonObject(item) ? [[...POD_SPEC, kind, index]] : [],
    ),
  );
}
