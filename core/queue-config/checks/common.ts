import { child, descend, didYouMean, formatPath, mayBeText, walk } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import type { Findings } from '../finding';

const REQUIRED = '<REQUIRED>';
/** The account is twelve digits or, as in documents, a word in angle brackets; `api.ecr.…` is something else. */
const ECR_WITHOUT_DKR = /(\d{12}|<[\w-]+>)\.ecr\.([a-z0-9-]+|<[\w-]+>)\.amazonaws\.com/;

/** A text that is not final yet: a macro is to be replaced, or a value to be put in. */
export const isOpenText = (text: string): boolean => text.includes('${') || text.includes(REQUIRED);

/** What holds for every resource: nothing left to fill in, registry addresses that exist. */
export function checkTexts(config: ConfigTree, findings: Findings): void {
  walk(config, (node, keys) => {
    for (const text of textsOf(node)) {
      if (text.includes(REQUIRED)) {
        findings.error(
          `"${formatPath(keys)}" still holds ${REQUIRED}: put in your own value.`,
          node,
          ...keys,
        );
      }
      const ecr = ECR_WITHOUT_DKR.exec(text);
      if (ecr) {
        const [address, account = '', region = ''] = ecr;
        const right = `${account}.dkr.ecr.${region}.amazonaws.com`;
        findings.warning(
          `${address} is not the address of a registry; it should be ${right}.`,
          node,
          ...keys,
        );
      }
    }
  });
}

function textsOf(node: ConfigTree): string[] {
  if (node.kind === 'value') return typeof node.value === 'string' ? [node.value] : [];
  return node.kind === 'text' ? node.parts.filter((part) => typeof part === 'string') : [];
}

/** `builder.accelerator.base_image` is all that `builder` may hold. */
export function checkBuilder(config: MapNode, findings: Findings): void {
  const builder = child(config, 'builder');
  if (builder === undefined || isNull(builder)) return;
  if (!onlyKey(builder, 'accelerator', ['builder'], findings)) return;
  const accelerator = child(builder, 'accelerator');
  if (accelerator === undefined || isNull(accelerator)) return;
  if (!onlyKey(accelerator, 'base_image', ['builder', 'accelerator'], findings)) return;
  const image = descend(accelerator, 'base_image');
  if (image !== undefined && !isNull(image) && !mayBeText(image)) {
    findings.error(
      '"builder.accelerator.base_image" must be the name of an image.',
      image,
      'builder',
      'accelerator',
      'base_image',
    );
  }
}

function onlyKey(node: ConfigTree, expected: string, keys: string[], findings: Findings): node is MapNode {
  const path = keys.join('.');
  if (node.kind !== 'map') {
    findings.error(`"${path}" must be a map with "${expected}".`, node, ...keys);
    return false;
  }
  for (const [key, value] of node.entries) {
    if (key !== expected) {
      findings.warning(
        `"${path}.${key}" has no effect${didYouMean(key, [expected], `: only "${expected}" has`)}.`,
        value,
        ...keys,
        key,
      );
    }
  }
  return true;
}

const isNull = (node: ConfigTree) => node.kind === 'value' && node.value === null;
