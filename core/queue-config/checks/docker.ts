import { didYouMean } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import { DOCKER_OPTIONS, DOCKER_RESERVED, DOCKER_SHORT_OPTIONS } from '../docker-options';
import type { Findings } from '../finding';

/** Options whose values are `KEY=VALUE`, which may be written as a map. */
const KEYED = new Set([
  'env',
  'label',
  'annotation',
  'sysctl',
  'log-opt',
  'storage-opt',
  'ulimit',
  'add-host',
]);
const known = new Set(DOCKER_OPTIONS);

export function checkDocker(config: MapNode, findings: Findings): void {
  for (const [key, value] of config.entries) {
    const option = longOption(key);
    const reserved = Object.hasOwn(DOCKER_RESERVED, option) ? DOCKER_RESERVED[option] : undefined;
    if (reserved !== undefined && !isOff(value)) {
      findings.error(`"${key}" cannot be set: ${reserved}.`, value, key);
    } else if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(key)) {
      findings.error(
        `"${key}" is not an option of docker run: write it without dashes in front, as in "shm-size"${didYouMean(key, known)}`,
        value,
        key,
      );
    } else if (!known.has(option)) {
      findings.warning(`"${key}" is not a known option of docker run${didYouMean(key, known)}`, value, key);
    }
    checkValue(key, option, value, findings);
  }
}

const longOption = (key: string) =>
  Object.hasOwn(DOCKER_SHORT_OPTIONS, key) ? (DOCKER_SHORT_OPTIONS[key] ?? key) : key;
const isOff = (value: ConfigTree) =>
  value.kind === 'value' && (value.value === false || value.value === null);
const isScalar = (node: ConfigTree) => node.kind !== 'map' && node.kind !== 'list';

function checkValue(key: string, option: string, value: ConfigTree, findings: Findings): void {
  if (value.kind === 'list') {
    value.items.forEach((item, index) => {
      if (!isScalar(item) || isNull(item)) {
        findings.error(`"${key}" takes a list of texts, numbers or booleans.`, item, key, String(index));
      }
    });
  } else if (value.kind === 'map') {
    if (!KEYED.has(option)) {
      findings.error(
        `"${key}" takes a text, a number, true, false, or a list of these, not a map.`,
        value,
        key,
      );
      return;
    }
    for (const [name, item] of value.entries) {
      if (!isScalar(item))
        findings.error(`"${name}" must be a text, a number or a boolean.`, item, key, name);
    }
  }
}

const isNull = (node: ConfigTree) => node.kind === 'value' && node.value === null;
