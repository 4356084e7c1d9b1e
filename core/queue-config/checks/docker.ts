import { didYouMean } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import {
  FLAG_OPTIONS,
  IGNORED_OPTIONS,
  MAP_OPTIONS,
  REFUSED_OPTIONS,
  SHORT_OPTIONS,
  VALUE_OPTIONS,
} from '@/core/render/docker/options';
import type { Findings } from '../finding';

const known = new Set([...VALUE_OPTIONS, ...FLAG_OPTIONS]);

export function checkDocker(config: MapNode, findings: Findings): void {
  for (const [key, value] of config.entries) {
    const option = SHORT_OPTIONS.get(key) ?? key;
    if (!isLeftOut(value)) checkName(key, option, value, findings);
    checkValue(key, option, value, findings);
  }
}

function checkName(key: string, option: string, value: ConfigTree, findings: Findings): void {
  const refused = REFUSED_OPTIONS.get(option);
  const ignored = IGNORED_OPTIONS.get(option);
  if (refused !== undefined) findings.error(`"${key}" cannot be set: ${refused}.`, value, key);
  else if (ignored !== undefined) findings.warning(`"${key}" is left out: ${ignored}.`, value, key);
  else if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(key)) {
    const hint = didYouMean(key.replace(/^-+/, ''), known);
    findings.error(
      `"${key}" is not an option of docker run: options stand without dashes in front${hint}.`,
      value,
      key,
    );
  } else if (!known.has(option)) {
    findings.warning(`"${key}" is not a known option of docker run${didYouMean(key, known)}.`, value, key);
  }
}

/** False and null leave an option out. */
const isLeftOut = (value: ConfigTree) =>
  value.kind === 'value' && (value.value === false || value.value === null);
const isScalar = (node: ConfigTree) => node.kind !== 'map' && node.kind !== 'list';

function checkValue(key: string, option: string, value: ConfigTree, findings: Findings): void {
  if (value.kind === 'list') {
    value.items.forEach((item, index) => {
      if (isScalar(item)) return;
      findings.error(`"${key}" takes a list of texts, numbers or booleans.`, item, key, String(index));
    });
  } else if (value.kind === 'map') {
    if (option !== 'env' && !MAP_OPTIONS.has(option)) {
      const message = `"${key}" takes a text, a number, true, false, or a list of these, not a map.`;
      findings.error(message, value, key);
      return;
    }
    for (const [name, item] of value.entries) {
      if (!isScalar(item))
        findings.error(`"${name}" must be a text, a number or a boolean.`, item, key, name);
    }
  } else if (FLAG_OPTIONS.has(option) && !isSwitch(value)) {
    findings.error(`"${key}" takes no value: write true or false.`, value, key);
  }
}

/** What a flag may be; a placeholder may become it. */
function isSwitch(node: ConfigTree): boolean {
  if (node.kind !== 'value') return true;
  return (
    typeof node.value === 'boolean' || node.value === null || node.value === 'true' || node.value === 'false'
  );
}
