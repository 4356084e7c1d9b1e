import { didYouMean, mayBeText } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import type { Findings } from '../finding';

const KEYS = ['cwd', 'env', 'shell'];

export function checkProcess(config: MapNode, findings: Findings): void {
  for (const [key, value] of config.entries) {
    if (key === 'env') checkEnv(value, findings);
    else if (key === 'cwd') {
      if (!mayBeText(value)) findings.error('"cwd" must be the path of a directory.', value, key);
    } else if (key === 'shell') {
      if (!mayBeText(value) && !isBoolean(value)) {
        findings.error('"shell" must be true, false, or the path of a shell.', value, key);
      }
    } else {
      findings.error(
        `"${key}" is not known: a local process takes "cwd", "env" and "shell"${didYouMean(key, KEYS)}.`,
        value,
        key,
      );
    }
  }
}

const isBoolean = (node: ConfigTree) => node.kind === 'value' && typeof node.value === 'boolean';

function checkEnv(env: ConfigTree, findings: Findings): void {
  if (env.kind === 'map') {
    for (const [name, value] of env.entries) {
      if (value.kind === 'map' || value.kind === 'list') {
        findings.error(
          `The environment variable "${name}" must be a text, a number or a boolean.`,
          value,
          'env',
          name,
        );
      }
    }
  } else if (env.kind === 'list') {
    env.items.forEach((item, index) => {
      if (!mayBeText(item))
        findings.error('Each item of "env" is KEY=VALUE, or KEY alone.', item, 'env', String(index));
    });
  } else if (!mayBeText(env) && !(env.kind === 'value' && env.value === null)) {
    findings.error(
      '"env" must be a map of names to values, a list of KEY=VALUE, or one of these.',
      env,
      'env',
    );
  }
}
