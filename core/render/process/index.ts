import { quoteCommand, quoteWord } from '@/core/command';
import { didYouMean, isJsonObject } from '@/core/config-tree';
import { ProblemError } from '@/core/problems';
import type { ConfigProblem, Json, JsonObject, LaunchSpec, Origin, Origins } from '@/core/wire';
import { renderConfig } from '../shared/config';
import { mergeEnv, readEnv } from '../shared/environment';
import type { EnvEntry, MergedEnv } from '../shared/environment';
import { Problems } from '../shared/problems';
import type { RenderContext, Rendered } from '../types';

const KEYS = ['cwd', 'env', 'shell'];
const DEFAULT_SHELL = '/bin/sh';

/** What the agent starts. */
export interface ProcessPlan {
  argv: string[];
  /** Null: a directory of the agent's choice, or the root of the fresh copy of the source. Relative: inside it. */
  cwd: string | null;
  /** Set in the program's environment, on top of the few variables that the agent passes on anyway (`PATH`, `HOME` and the like). */
  env: Record<string, string>;
  /** Variables of the agent that the queue lists by name alone. */
  envPassThrough: string[];
  /** Names of the queue's secrets to set. */
  secrets: string[];
}

interface Part {
  text: string;
  origin: Origin;
}
interface ProcessParts {
  argv: Part[];
  cwd: string | null;
  env: MergedEnv;
  problems: ConfigProblem[];
}

/**
 * A plain process: entrypoint and args are its words, started without a shell. With `shell: true` (`/bin/sh`) or a shell of one's own,
 * the entrypoint is a script: one word is taken as it is, several are quoted; args are its parameters, never part of its text.
 */
export function renderProcess(spec: LaunchSpec, context: RenderContext): Rendered {
  const { argv, cwd, env, problems } = processParts(spec, context);
  const shown = [...env.launch, ...env.config, ...env.run];
  const origins: Origins = Object.fromEntries([
    ...argv.map(({ origin }, index) => [`/${index}`, origin] as const),
    ...shown.map(({ name, origin }) => [`/env/${name}`, origin] as const),
    ...env.secrets.map((name) => [`/env/${name}`, 'queue'] as const),
  ]);
  const lines = [
    ...(cwd === null ? [] : [`cd ${quoteWord(cwd)} &&`]),
    ...shown.map(assignment),
    ...env.secrets.map((name) => `${name}="$${name}" \\`),
    quoteCommand(argv.map(({ text }) => text)),
  ];
  const document: JsonObject = { ...toPlan({ argv, cwd, env }) };
  return {
    submission: {
      kind: 'process',
      text: lines.join('\n'),
      argv: argv.map(({ text }) => text),
      document,
      origins,
    },
    problems,
  };
}

const assignment = ({ name, value }: EnvEntry) =>
  `${name}=${value === null ? `"$${name}"` : value === '' ? '' : quoteWord(value)} \\`;

/** @throws ProblemError `refused` when the configuration has an error or there is no command. */
export function processPlan(spec: LaunchSpec, context: RenderContext): ProcessPlan {
  const { argv, cwd, env, problems } = processParts(spec, context);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    throw new ProblemError(
      'refused',
      error.path === undefined ? error.message : `${error.path}: ${error.message}`,
    );
  }
  return toPlan({ argv, cwd, env });
}

function toPlan({ argv, cwd, env }: Omit<ProcessParts, 'problems'>): ProcessPlan {
  const entries = [...env.launch, ...env.config, ...env.run];
  return {
    argv: argv.map(({ text }) => text),
    cwd,
    env: Object.fromEntries(entries.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]))),
    envPassThrough: entries.flatMap(({ name, value }) => (value === null ? [name] : [])),
    secrets: env.secrets,
  };
}

function processParts(spec: LaunchSpec, context: RenderContext): ProcessParts {
  const problems = new Problems();
  const rendered = renderConfig(spec, context);
  const config = readConfig(rendered.config, problems);
  const entries =
    config['env'] === undefined || config['env'] === null
      ? []
      : readEnv(config['env'], 'env', spec, rendered, problems);
  const env = mergeEnv(spec, context, context.image, entries, problems);
  const argv = processArgv(spec, readShell(config, problems), rendered.origins['/shell'] ?? 'queue');
  if (argv.length === 0)
    problems.error('There is no command to run: the launch gives neither entrypoint nor args.');
  const cwd = readText(config, 'cwd', problems);
  const texts = [...argv.map(({ text }) => text), cwd ?? '', ...entries.map(({ value }) => value ?? '')];
  if (texts.some((text) => text.includes('\0')))
    problems.error('A command line cannot hold a NUL character.');
  return { argv, cwd, env, problems: problems.list };
}

function processArgv(spec: LaunchSpec, shell: string | null, shellOrigin: Origin): Part[] {
  const entrypoint = spec.entrypoint ?? [];
  const ofLaunch = (text: string): Part => ({ text, origin: 'launch' });
  if (shell === null) return [...entrypoint, ...spec.args].map(ofLaunch);
  const [first, ...more] = entrypoint;
  if (first === undefined && spec.args.length === 0) return [];
  const script = first === undefined ? '' : more.length === 0 ? first : quoteCommand(entrypoint);
  if (spec.args.length === 0)
    return [{ text: shell, origin: shellOrigin }, { text: '-c', origin: shellOrigin }, ofLaunch(script)];
  return [
    { text: shell, origin: shellOrigin },
    { text: '-c', origin: shellOrigin },
    ofLaunch(`${script} "$@"`.trim()),
    // The word after the script is its name ($0); the parameters follow it.
    { text: shell, origin: 'default' },
    ...spec.args.map(ofLaunch),
  ];
}

function readConfig(config: Json, problems: Problems): JsonObject {
  if (config === null) return {};
  if (!isJsonObject(config)) {
    problems.error('The configuration of a process queue is a map with cwd, env and shell.');
    return {};
  }
  for (const key of Object.keys(config)) {
    if (!KEYS.includes(key))
      problems.error(`"${key}" is not a setting of a process queue${didYouMean(key, KEYS)}.`, [key]);
  }
  return config;
}

function readShell(config: JsonObject, problems: Problems): string | null {
  const { shell } = config;
  if (shell === true) return DEFAULT_SHELL;
  return shell === false ? null : readText(config, 'shell', problems);
}

function readText(config: JsonObject, key: string, problems: Problems): string | null {
  const value = config[key];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  problems.error(key === 'shell' ? 'shell is true, false or the path of a shell.' : `${key} is a text.`, [
    key,
  ]);
  return null;
}
