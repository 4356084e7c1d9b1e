import { didYouMean, isJsonObject, toPointer } from '@/core/config-tree';
import type { Json, LaunchSpec, Origin } from '@/core/wire';
import { readEnv } from '../shared/environment';
import type { EnvEntry } from '../shared/environment';
import type { RenderedConfig } from '../shared/config';
import type { Problems } from '../shared/problems';
import {
  FLAG_OPTIONS,
  IGNORED_OPTIONS,
  MAP_OPTIONS,
  REFUSED_OPTIONS,
  SHORT_OPTIONS,
  VALUE_OPTIONS,
} from './options';

/** An option as it is written, one or two words of the command line. */
export interface DockerOption {
  /** The long name, also when the short one was written. */
  name: string;
  words: string[];
  origin: Origin;
  /** Of `env` only. */
  env?: EnvEntry;
}

const KEY = /^(?:[A-Za-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/;
const OWN_LABEL = /^slipway\.dev\/(?:run-id|queue|entity|agent)(?:=|$)/;

/** The options that a Docker configuration asks for, in its order. A value can never become an option, the image or an argument. */
export function configOptions(
  spec: LaunchSpec,
  rendered: RenderedConfig,
  problems: Problems,
): DockerOption[] {
  const { config } = rendered;
  if (config === null) return [];
  if (!isJsonObject(config)) {
    problems.error('A Docker configuration is a map of options of docker run.');
    return [];
  }
  return Object.entries(config).flatMap(([key, value]) => {
    if (value === null || value === false) return [];
    if (!KEY.test(key)) {
      problems.error(
        `"${key}" is not an option of docker run${didYouMean(key.replace(/^-+/, ''), VALUE_OPTIONS)}.`,
        [key],
      );
      return [];
    }
    const name = SHORT_OPTIONS.get(key) ?? key;
    const refused = REFUSED_OPTIONS.get(name);
    if (refused !== undefined) {
      problems.error(`The option --${name} cannot be used: ${refused}.`, [key]);
      return [];
    }
    const ignored = IGNORED_OPTIONS.get(name);
    if (ignored !== undefined) {
      problems.warn(`The option --${name} is left out: ${ignored}.`, [key]);
      return [];
    }
    if (name === 'env') {
      return readEnv(value, key, spec, rendered, problems).map((env) => envOption(key, env));
    }
    return FLAG_OPTIONS.has(name)
      ? flag(key, name, value, rendered, problems)
      : valued(key, name, value, rendered, problems);
  });
}

const dashed = (key: string) => (key.length === 1 ? `-${key}` : `--${key}`);

/** `--env NAME=VALUE`, or `--env NAME` for a value that docker takes from its own environment. */
export function envOption(key: string, env: EnvEntry): DockerOption {
  const text = env.value === null ? env.name : `${env.name}=${env.value}`;
  return { name: 'env', words: withValue(key, text), origin: env.origin, env };
}

/** An option and its value: two words, or one with `=` where the value could be taken for an option. */
export function withValue(key: string, value: string, certain = true): string[] {
  return certain && !value.startsWith('-') ? [dashed(key), value] : [`${dashed(key)}=${value}`];
}

function flag(
  key: string,
  name: string,
  value: Json,
  rendered: RenderedConfig,
  problems: Problems,
): DockerOption[] {
  if (value === 'false') return [];
  if (value !== true && value !== 'true') {
    problems.error(`The option --${name} takes no value; use true or false.`, [key]);
    return [];
  }
  if (name === 'rm') {
    problems.info('The agent removes the container itself, once it has read the log and the exit code.', [
      key,
    ]);
  }
  return [{ name, words: [dashed(key)], origin: rendered.origins[toPointer([key])] ?? 'queue' }];
}

function valued(
  key: string,
  name: string,
  value: Json,
  rendered: RenderedConfig,
  problems: Problems,
): DockerOption[] {
  const known = VALUE_OPTIONS.has(name);
  if (!known) {
    problems.warn(
      `"${name}" is not a known option of docker run${didYouMean(name, [...VALUE_OPTIONS, ...FLAG_OPTIONS])}.`,
      [key],
    );
  }
  const one = (item: Json, keys: string[], prefix = ''): DockerOption[] => {
    const origin = rendered.origins[toPointer(keys)] ?? 'queue';
    if (item === null || item === false) return [];
    if (item === true) {
      if (prefix !== '') return [{ name, words: withValue(key, `${prefix}true`), origin }];
      if (!known) return [{ name, words: [dashed(key)], origin }];
      problems.error(`The option --${name} needs a value.`, keys);
      return [];
    }
    if (typeof item === 'object') {
      problems.error(`The option --${name} takes a text, a number or a list of them.`, keys);
      return [];
    }
    const text = `${prefix}${item}`;
    if (name === 'label' && OWN_LABEL.test(text)) {
      problems.warn(`The label ${text.split('=')[0] ?? text} is left out: Slipway sets it.`, keys);
      return [];
    }
    return [{ name, words: withValue(key, text, known), origin }];
  };
  if (Array.isArray(value)) return value.flatMap((item, index) => one(item, [key, String(index)]));
  if (isJsonObject(value) && MAP_OPTIONS.has(name)) {
    return Object.entries(value).flatMap(([entry, item]) => one(item, [key, entry], `${entry}=`));
  }
  return one(value, [key]);
}
