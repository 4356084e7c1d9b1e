import { isJsonObject, toPointer } from '@/core/config-tree';
import { runEnvironment } from '@/core/launch-spec';
import type { Json, LaunchSpec, Origin } from '@/core/wire';
import type { RenderContext } from '../types';
import { isSubmitted, resolvedOrigin } from './config';
import type { RenderedConfig } from './config';
import type { Problems } from './problems';

export interface EnvEntry {
  name: string;
  /** Null: the variable of the agent with that name. */
  value: string | null;
  origin: Origin;
}

/**
 * The `env` of a Docker or process configuration: a map, a list of `KEY=VALUE` and `KEY`, or one of those. A name alone takes the
 * agent's value; that is refused where a submitter had a say, who could otherwise read any variable of the agent.
 */
export function readEnv(
  value: Json,
  key: string,
  spec: LaunchSpec,
  rendered: RenderedConfig,
  problems: Problems,
): EnvEntry[] {
  const entries: EnvEntry[] = [];
  const add = (name: string, text: string | null, keys: string[]) => {
    if (name === '') {
      problems.error('A variable has no name.', keys);
    } else if (text === null && isSubmitted(resolvedOrigin(spec, keys))) {
      problems.error(
        'A launch cannot take variables of the agent; it has to give a value, as in KEY=VALUE.',
        keys,
      );
    } else {
      entries.push({ name, value: text, origin: rendered.origins[toPointer(keys)] ?? 'queue' });
    }
  };
  if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (item !== null && typeof item === 'object')
        problems.error('A variable needs a text as its value.', [key, name]);
      else add(name, item === null ? null : String(item), [key, name]);
    }
    return entries;
  }
  const list = Array.isArray(value) ? value : [value];
  list.forEach((item, index) => {
    const keys = Array.isArray(value) ? [key, String(index)] : [key];
    if (typeof item !== 'string') {
      if (item !== null && item !== false)
        problems.error('Expected KEY=VALUE, or KEY for the value that the agent has.', keys);
      return;
    }
    const equals = item.indexOf('=');
    if (equals < 0) add(item, null, keys);
    else add(item.slice(0, equals), item.slice(equals + 1), keys);
  });
  return entries;
}

export interface MergedEnv {
  /** Of the launch, without what queue, secrets and Slipway set. */
  launch: EnvEntry[];
  /** Of the configuration, without what secrets and Slipway set, in its order. */
  config: EnvEntry[];
  /** Names of secrets. */
  secrets: string[];
  /** Slipway's own. */
  run: EnvEntry[];
}

/**
 * Who wins when a variable is set twice: Slipway's own, then secrets of the queue, then the queue's configuration, then the launch;
 * for a submitter changes nothing of the configuration that the queue does not open. What is left out is said.
 */
export function mergeEnv(
  spec: LaunchSpec,
  context: RenderContext,
  image: string | null,
  config: EnvEntry[],
  problems: Problems,
): MergedEnv {
  const run = Object.entries(runEnvironment(spec, image)).map(([name, value]): EnvEntry => ({
    name,
    value,
    origin: 'default',
  }));
  const taken = new Map<string, string>(run.map(({ name }) => [name, 'Slipway sets it']));
  const keep = (name: string, where: string) => {
    const reason = taken.get(name);
    if (reason !== undefined) problems.warn(`${name} of the ${where} is left out: ${reason}.`);
    return reason === undefined;
  };
  const secrets = (context.secretNames ?? []).filter((name) => keep(name, 'secrets'));
  for (const name of secrets) taken.set(name, 'a secret of the queue sets it');
  const ofConfig = config.filter(({ name }) => keep(name, 'queue configuration'));
  for (const { name } of ofConfig) taken.set(name, 'the queue configuration sets it');
  const launch = Object.entries(spec.env)
    .filter(([name]) => keep(name, 'launch'))
    .map(([name, value]): EnvEntry => ({ name, value, origin: 'launch' }));
  return { launch, config: ofConfig, secrets, run };
}
