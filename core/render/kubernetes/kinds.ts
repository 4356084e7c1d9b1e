import { quoteWord } from '@/core/command';
import { isJsonObject } from '@/core/config-tree';
import type { Json } from '@/core/wire';
import type { Keys, SubmissionDocument } from '../shared/document';
import type { Problems } from '../shared/problems';
import { fillContainer, fillEnv, literal, type Filling } from './pod-template';
import { makeTexts } from './texts';

/**
 * Kinds whose pods are not all started with the program of the launch. Sources: the API references of Kubeflow Trainer and its training
 * operator, KubeRay and Argo Workflows.
 */

/** Whether command and arguments of the launch go into the pod template at `keys` of a resource of this kind. */
export function isCommandPlace(kind: Json | undefined, keys: Keys): boolean {
  // Workers of MPI wait for the launcher, containers of Ray run Ray itself.
  if (kind === 'MPIJob') return keys.includes('Launcher');
  return kind !== 'RayJob' && kind !== 'RayCluster';
}

/** Fills what is no pod template: a Ray job's entrypoint, templates of a workflow, the trainer of a TrainJob. Whether there was such. */
export function fillOwnWays(doc: SubmissionDocument, filling: Filling): boolean {
  switch (doc.get(['kind'])) {
    case 'RayJob':
      return fillRayJob(doc, filling);
    case 'Workflow':
      return fillWorkflow(doc, filling);
    case 'TrainJob':
      return fillTrainJob(doc, filling);
    default:
      return false;
  }
}

/** Ray takes the command as one text, which it gives to a shell. */
function fillRayJob(doc: SubmissionDocument, { spec }: Filling): boolean {
  const words = [...(spec.entrypoint ?? []), ...spec.args];
  const own = doc.get(['spec', 'entrypoint']);
  if (words.length > 0) {
    const text = [...(typeof own === 'string' && own !== '' ? [own] : []), ...words.map(quoteWord)].join(' ');
    doc.set(['spec', 'entrypoint'], text, 'launch');
  }
  return true;
}

function fillWorkflow(doc: SubmissionDocument, filling: Filling): boolean {
  for (const [name, value] of Object.entries(filling.labels))
    doc.set(['spec', 'podMetadata', 'labels', name], value);
  let filled = false;
  for (const index of (doc.list(['spec', 'templates']) ?? []).keys()) {
    for (const kind of ['container', 'script']) {
      const keys: Keys = ['spec', 'templates', index, kind];
      if (doc.object(keys) === undefined) continue;
      // A script has a source of its own, which is what runs.
      fillContainer(doc, keys, { ...filling, command: kind === 'container' });
      makeTexts(doc, keys, 'Container');
      filled = true;
    }
  }
  return filled;
}

function fillTrainJob(doc: SubmissionDocument, { spec, context, labels, problems }: Filling): boolean {
  const trainer: Keys = ['spec', 'trainer'];
  if (!doc.absent(trainer) && doc.object(trainer) === undefined) {
    problems.error('trainer is a map.', trainer.map(String));
    return true;
  }
  for (const [name, value] of Object.entries(labels)) doc.set(['spec', 'labels', name], value);
  if (context.image !== null) doc.setIfAbsent([...trainer, 'image'], context.image, 'launch');
  if (spec.entrypoint) doc.setIfAbsent([...trainer, 'command'], spec.entrypoint.map(literal), 'launch');
  if (spec.args.length > 0) doc.setIfAbsent([...trainer, 'args'], spec.args.map(literal), 'launch');
  const image = doc.get([...trainer, 'image']);
  fillEnv(doc, [...trainer, 'env'], spec, context, typeof image === 'string' ? image : '', problems);
  // Its image, command, arguments and variables are called as those of a container are.
  makeTexts(doc, trainer, 'Container');
  return true;
}

/** The guide of the original prints `ttlSecondsAfterFinished` of a Kubeflow job beside `runPolicy`, where it would be dropped in silence. */
export function moveKubeflowTtl(doc: SubmissionDocument, problems: Problems): void {
  const version = doc.get(['apiVersion']);
  const from = ['spec', 'ttlSecondsAfterFinished'];
  const to = ['spec', 'runPolicy', 'ttlSecondsAfterFinished'];
  if (typeof version !== 'string' || !version.startsWith('kubeflow.org/') || doc.absent(from)) return;
  const policy = doc.get(['spec', 'runPolicy']);
  if (!doc.absent(to) || (policy !== undefined && !isJsonObject(policy))) return;
  problems.warn(`${from.join('.')} is taken as ${to.join('.')}, where Kubeflow reads it.`, from);
  doc.move(from, to);
}
