import { child, descend, formatPath } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import { RESOURCES } from '@/core/wire';
import type { ResourceId } from '@/core/wire';
import { Findings } from './finding';
import type { Finding } from './finding';
import { RESOURCE_INFO } from './resources';

const WRAPPERS = new Map(
  RESOURCES.flatMap((resource) => RESOURCE_INFO[resource].wrapperKeys.map((key) => [key, resource] as const)),
);

/** The wrapper (`kubernetes: {…}`) of a configuration: its only key beside `builder`, holding a map. */
export function wrapperOf(keys: readonly string[]): { key: string; resource: ResourceId } | undefined {
  const [key, ...others] = keys.filter((name) => name !== 'builder');
  const resource = key === undefined || others.length > 0 ? undefined : WRAPPERS.get(key);
  return key === undefined || resource === undefined ? undefined : { key, resource };
}

/** Takes the wrapper away and puts right what the guide prints but the resource would refuse; says what it did. */
export function normalizeTree(
  resource: ResourceId,
  tree: ConfigTree,
): { tree: ConfigTree; findings: Finding[] } {
  const findings = new Findings();
  if (tree.kind !== 'map') {
    findings.error('A configuration is a map: keys with values.', tree);
    return { tree, findings: findings.all };
  }
  const unwrapped = unwrap(resource, tree, findings);
  return {
    tree: resource === 'kubernetes' ? tidyKubernetes(unwrapped, findings) : unwrapped,
    findings: findings.all,
  };
}

function unwrap(resource: ResourceId, tree: MapNode, findings: Findings): MapNode {
  const wrapper = wrapperOf(tree.entries.map(([key]) => key));
  if (wrapper === undefined) return tree;
  const inner = child(tree, wrapper.key);
  if (wrapper.resource !== resource) {
    const { label } = RESOURCE_INFO[resource];
    const other = RESOURCE_INFO[wrapper.resource].label;
    findings.error(
      `The configuration is wrapped in "${wrapper.key}", which is for ${other}; this queue is for ${label}.`,
      inner,
      wrapper.key,
    );
    return tree;
  }
  if (inner?.kind === 'value' && inner.value === null) return without(tree, wrapper.key);
  if (inner?.kind !== 'map') return tree;
  const outer = without(tree, wrapper.key).entries.filter(([key]) => child(inner, key) === undefined);
  return outer.length === 0 ? inner : { kind: 'map', entries: [...inner.entries, ...outer] };
}

const without = (map: MapNode, key: string): MapNode => ({
  kind: 'map',
  entries: map.entries.filter(([name]) => name !== key),
});

/** A copy of `map` in which `key` has `value`; the place of the key is kept. */
function withKey(map: MapNode, key: string, value: ConfigTree): MapNode {
  const known = child(map, key) !== undefined;
  return {
    kind: 'map',
    entries: known
      ? map.entries.map((entry) => (entry[0] === key ? [key, value] : entry))
      : [...map.entries, [key, value]],
  };
}

/** Fields of the Job that the guide prints one level too deep. */
const JOB_FIELDS = ['backoffLimit', 'ttlSecondsAfterFinished'] as const;

function tidyKubernetes(tree: MapNode, findings: Findings): MapNode {
  let spec = child(tree, 'spec');
  if (spec?.kind !== 'map') return tree;
  spec = renameBackoff(spec, ['spec'], findings);
  let template = child(spec, 'template');
  if (template?.kind === 'map') {
    template = renameBackoff(template, ['spec', 'template'], findings);
    for (const field of JOB_FIELDS) {
      const value = child(template, field);
      if (value === undefined) continue;
      const kept = child(spec, field) !== undefined;
      const what = kept ? 'is left out, since "spec" has it too' : `is moved up to "spec.${field}"`;
      findings.warning(`"${field}" stands one level too deep: it ${what}.`, value, 'spec', 'template', field);
      if (!kept) spec = withKey(spec, field, value);
      template = without(template, field);
    }
    template = moveSecurityContext(template, findings);
    spec = withKey(spec, 'template', template);
  }
  return withKey(tree, 'spec', spec);
}

function renameBackoff(map: MapNode, keys: string[], findings: Findings): MapNode {
  const value = child(map, 'backOffLimit');
  if (value === undefined) return map;
  findings.warning('"backOffLimit" is read as "backoffLimit".', value, ...keys, 'backOffLimit');
  if (child(map, 'backoffLimit') !== undefined) return without(map, 'backOffLimit');
  return {
    kind: 'map',
    entries: map.entries.map(([key, item]) => [key === 'backOffLimit' ? 'backoffLimit' : key, item]),
  };
}

/**
 * The guide prints `spec.template.securityContext`, which Kubernetes does not know; its fields are those of a container, so every
 * container that has none gets it.
 */
function moveSecurityContext(template: MapNode, findings: Findings): MapNode {
  const context = child(template, 'securityContext');
  if (context?.kind !== 'map') return template;
  const spec = child(template, 'spec') ?? { kind: 'map', entries: [] };
  const containers = descend(template, 'spec', 'containers') ?? {
    kind: 'list',
    items: [{ kind: 'map', entries: [] }],
  };
  if (spec.kind !== 'map' || containers.kind !== 'list') return template;
  const target = formatPath(['spec', 'template', 'spec', 'containers']);
  findings.warning(
    `A pod template has no "securityContext": it is moved to the containers in "${target}".`,
    context,
    ...['spec', 'template', 'securityContext'],
  );
  const items = containers.items.map((item) =>
    item.kind === 'map' && child(item, 'securityContext') === undefined
      ? withKey(item, 'securityContext', context)
      : item,
  );
  return withKey(
    without(template, 'securityContext'),
    'spec',
    withKey(spec, 'containers', { kind: 'list', items }),
  );
}
