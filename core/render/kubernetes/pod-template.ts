import { isJsonObject } from '@/core/config-tree';
import type { Json, LaunchSpec } from '@/core/wire';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext } from '../types';
import type { Keys, SubmissionDocument } from '../shared/document';
import { mergeEnv } from '../shared/environment';
import type { EnvEntry } from '../shared/environment';
import type { Problems } from '../shared/problems';

export interface Filling {
  spec: LaunchSpec;
  context: RenderContext;
  labels: Record<string, string>;
  problems: Problems;
  /** Whether command and arguments of the launch belong here: a worker that only waits for orders keeps its own. */
  command: boolean;
}

/** Seconds between SIGTERM and SIGKILL where neither queue nor agent says otherwise. */
const DEFAULT_GRACE_SECONDS = 60;
/** The container that the run's program runs in, by name: of a pod template, and of the whole resource. */
const CONTAINER_ANNOTATIONS = ['kubectl.kubernetes.io/default-container', 'slipway.dev/container'];

/** `$(NAME)` in commands, arguments and variables is expanded by Kubernetes; what a launch gives stays as it is. */
export const literal = (text: string) => text.replaceAll('$(', '$$$$(');

/** Puts image, command, args, environment and labels of the run into a pod template. */
export function fillPodTemplate(doc: SubmissionDocument, template: Keys, filling: Filling): void {
  const { labels, problems } = filling;
  for (const [name, value] of Object.entries(labels))
    doc.set([...template, 'metadata', 'labels', name], value);
  const list: Keys = [...template, 'spec', 'containers'];
  const given = doc.get(list);
  if (given === undefined || given === null || (Array.isArray(given) && given.length === 0))
    doc.set(list, [{ name: 'run' }]);
  else if (!Array.isArray(given)) {
    problems.error('containers is a list.', list.map(String));
    return;
  }
  const { stopGraceSeconds = DEFAULT_GRACE_SECONDS } = filling.context;
  doc.setIfAbsent(
    [...template, 'spec', 'terminationGracePeriodSeconds'],
    filling.spec.stopGraceSeconds ?? stopGraceSeconds,
  );
  const programs = programContainers(doc, template, list, filling);
  for (const index of programs) fillContainer(doc, [...list, index], filling);
  (doc.list(list) ?? []).forEach((item, index) => {
    if (item === null) doc.set([...list, index], {});
    else if (!isJsonObject(item)) problems.error('A container is a map.', [...list, index].map(String));
    doc.setIfAbsent([...list, index, 'name'], index === 0 ? 'run' : `run-${index}`);
  });
}

/** The containers that run the launch's program: the one that is named, those without an image or with the run's, else the first one. */
function programContainers(
  doc: SubmissionDocument,
  template: Keys,
  list: Keys,
  { context: { image }, problems }: Filling,
): number[] {
  const items = doc.list(list) ?? [];
  const named = [...template.map((_, depth) => template.slice(0, template.length - depth)), []]
    .flatMap((keys) =>
      CONTAINER_ANNOTATIONS.map((name) => doc.get([...keys, 'metadata', 'annotations', name])),
    )
    .find((value) => typeof value === 'string');
  if (named !== undefined) {
    const index = items.findIndex((item) => nameOf(item) === named);
    if (index >= 0) return [index];
    problems.warn(
      `No container is called ${named}, as an annotation says; the first one is taken.`,
      list.map(String),
    );
  }
  const indexes = items.flatMap((item, index) => {
    const own = isJsonObject(item) ? (item['image'] ?? null) : null;
    return own === null || own === image || own === '${image_uri}' ? [index] : [];
  });
  return indexes.length > 0 ? indexes : [0];
}

/** Image, command, arguments and environment of one container. */
export function fillContainer(doc: SubmissionDocument, container: Keys, filling: Filling): void {
  const { spec, context, problems, command } = filling;
  doc.setIfAbsent([...container, 'image'], context.image ?? IMAGE_PLACEHOLDER, 'launch');
  const own = doc.get([...container, 'image']);
  const entrypoint = command ? (spec.entrypoint ?? []).map(literal) : [];
  const args = command ? spec.args.map(literal) : [];
  if (doc.absent([...container, 'command'])) {
    if (entrypoint.length > 0) doc.set([...container, 'command'], entrypoint, 'launch');
  } else if (entrypoint.length > 0) {
    problems.info(
      'The command of the queue stays; the entrypoint of the launch becomes its first arguments.',
      [...container, 'command'].map(String),
    );
    args.unshift(...entrypoint);
  }
  appendArgs(doc, [...container, 'args'], args, problems);
  fillEnv(doc, [...container, 'env'], spec, context, typeof own === 'string' ? own : '', problems);
}

/** Arguments of the queue come first, those of the launch after them. */
function appendArgs(doc: SubmissionDocument, keys: Keys, args: string[], problems: Problems): void {
  if (args.length === 0) return;
  if (doc.absent(keys)) {
    doc.set(keys, args, 'launch');
    return;
  }
  const own = doc.list(keys);
  if (own === undefined) {
    problems.error('args is a list.', keys.map(String));
    return;
  }
  for (const text of args) doc.set([...keys, own.length], text, 'launch');
}

export function fillEnv(
  doc: SubmissionDocument,
  keys: Keys,
  spec: LaunchSpec,
  context: RenderContext,
  image: string,
  problems: Problems,
): void {
  const own = doc.absent(keys) ? [] : doc.list(keys);
  if (own === undefined) {
    problems.error('env is a list of {name, value}.', keys.map(String));
    return;
  }
  const items = own.map((item, index) => ({
    item,
    origin: doc.origin([...keys, index, 'value']),
    name: nameOf(item),
  }));
  const entries = items.map(({ name, origin }): EnvEntry => ({ name, value: '', origin }));
  const merged = mergeEnv(spec, context, context.image ?? image, entries, problems);
  const kept = new Set(merged.config);
  const secretName = context.secretRef ?? `slipway-${spec.runId}`;
  doc.set(keys, []);
  let next = 0;
  const push = (item: Json, origin: EnvEntry['origin']) => {
    doc.set([...keys, next], item, origin);
    next += 1;
  };
  items.forEach(({ item, origin }, index) => {
    const entry = entries[index];
    if (entry !== undefined && kept.has(entry)) push(item, origin);
  });
  for (const { name, value, origin } of merged.launch) push({ name, value: literal(value ?? '') }, origin);
  for (const name of merged.secrets)
    push({ name, valueFrom: { secretKeyRef: { name: secretName, key: name } } }, 'queue');
  for (const { name, value, origin } of merged.run) push({ name, value: literal(value ?? '') }, origin);
}

const nameOf = (item: Json) => (isJsonObject(item) && typeof item['name'] === 'string' ? item['name'] : '');
