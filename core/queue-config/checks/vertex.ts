import { CUSTOM_JOB, checkApi } from '@/core/api-schemas';
import { descend, didYouMean, formatPath, mayBeText } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import { camelKey, snakeKey } from '@/core/render/vertex/camel';
import { DURATIONS, RUN_KEYS, SPEC_KEYS, settingSchema } from '@/core/render/vertex/settings';
import type { Findings } from '../finding';
import { isOpenText } from './common';

const PARTS = { spec: SPEC_KEYS, run: RUN_KEYS };

/** Names may be those of the Python SDK (`worker_pool_specs`) or of the REST interface (`workerPoolSpecs`). */
export function checkVertex(config: MapNode, findings: Findings): void {
  for (const [key, value] of config.entries) {
    if (key !== 'spec' && key !== 'run') {
      findings.error(
        `"${key}" is not known: a Vertex configuration has "spec" and "run"${didYouMean(key, ['spec', 'run'])}.`,
        value,
        key,
      );
    }
  }
  const spec = descend(config, 'spec');
  const pools = setting(spec, 'worker_pool_specs');
  if (pools?.kind !== 'list' || pools.items.length === 0) {
    const message = '"spec.worker_pool_specs" is required: a list of at least one worker pool.';
    findings.error(message, pools ?? spec ?? config, 'spec', 'worker_pool_specs');
  }
  const bucket = setting(spec, 'staging_bucket');
  if (bucket === undefined || !mayBeText(bucket) || (bucket.kind === 'value' && bucket.value === '')) {
    const message = '"spec.staging_bucket" is required: the gs:// bucket for what Vertex stores.';
    findings.error(message, bucket ?? spec ?? config, 'spec', 'staging_bucket');
  }
  checkPart('spec', config, findings);
  checkPart('run', config, findings);
}

const setting = (part: ConfigTree | undefined, name: string): ConfigTree | undefined =>
  descend(part, name) ?? descend(part, camelKey(name));

function checkPart(part: 'spec' | 'run', config: MapNode, findings: Findings): void {
  const settings = descend(config, part);
  if (settings === undefined || (settings.kind === 'value' && settings.value === null)) return;
  if (settings.kind !== 'map') {
    findings.error(`"${part}" must be a map.`, settings, part);
    return;
  }
  const known = PARTS[part];
  for (const [key, value] of settings.entries) {
    const name = camelKey(key);
    const place = known.get(name);
    if (place === undefined) {
      const names = [...known.keys()].map(snakeKey);
      const hint = didYouMean(key, names, part === 'run' ? `: it may hold ${names.join(', ')}` : '');
      findings.error(`"${part}.${key}" is not known${hint}.`, value, part, key);
    } else if (place !== null) checkSetting([part, key], value, name, findings);
  }

  function checkSetting(keys: string[], value: ConfigTree, name: string, into: Findings): void {
    const place = known.get(name);
    const schema = place ? settingSchema(place) : undefined;
    // Of seconds the renderer makes what the service takes; an empty list has been spoken of.
    if (schema === undefined || DURATIONS.includes(name) || isEmpty(value)) return;
    const options = { document: CUSTOM_JOB, nameOf: camelKey, isOpen: isOpenText };
    for (const found of checkApi(value, schema, options, keys)) {
      // The image and the value of a variable are filled in.
      const last = found.keys.at(-1);
      if (last === 'imageUri' && found.message === 'is required') continue;
      const message = `"${formatPath(found.keys)}" ${found.message}.`;
      if (found.severity === 'error') into.error(message, found.node, ...found.keys);
      else into.warning(message, found.node, ...found.keys);
    }
  }
}

const isEmpty = (node: ConfigTree) => node.kind === 'list' && node.items.length === 0;
