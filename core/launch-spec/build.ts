import { splitCommand } from '@/core/command';
import { isJsonObject, parsePath } from '@/core/config-tree';
import { DEFAULT_PRIORITY } from '@/core/priorities';
import { ProblemError } from '@/core/problems';
import { protectedDepth } from '@/core/queue-config';
import type { FieldError, JobSource, Json, Launch, LaunchSpec, Priority } from '@/core/wire';
import { sourceProblems } from './source';
import type { LaunchQueue, LaunchSpecInput, LaunchSpecResult } from './types';

/** Largest environment value the kernel takes (MAX_ARG_STRLEN of Linux), bytes, its name and the `=` included. */
const MAX_VARIABLE_BYTES = 128 * 1024;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const bytes = (text: string) => new TextEncoder().encode(text).length;

/**
 * Puts together what an agent needs to run a launch, and checks what only shows when launch, job and queue are looked at together.
 * Pure: used for enqueueing and for the preview alike. All errors come back at once; paths are those of the launch.
 */
export function buildLaunchSpec(input: LaunchSpecInput): LaunchSpecResult {
  const { queue, launch, job, resolved } = input;
  const errors: FieldError[] = [];
  const what = chooseWhat(input, errors);
  const entrypoint = chooseEntrypoint(
    launch,
    job?.entrypoint ?? null,
    runsInShell(queue, resolved.config),
    errors,
  );
  const args = launch.args ?? [];
  const priority = choosePriority(queue, launch.priority, errors);

  if (
    queue.resource === 'local-process' &&
    entrypoint === null &&
    args.length === 0 &&
    launch.entrypoint === undefined
  ) {
    errors.push({
      path: 'entrypoint',
      message: 'A local process needs a command: give an entrypoint or args.',
    });
  }
  checkTexts('entrypoint', entrypoint ?? [], errors);
  checkTexts('args', args, errors);
  if (entrypoint?.[0] === '')
    errors.push({ path: 'entrypoint', message: 'The first word of the entrypoint is empty.' });
  checkEnvironment(launch.env, errors);
  if (bytes(`SLIPWAY_CONFIG=${JSON.stringify(launch.config ?? {})}`) >= MAX_VARIABLE_BYTES) {
    errors.push({
      path: 'config',
      message: 'The run config is larger than 128 KiB, which no environment variable can hold.',
    });
  }
  if (errors.length > 0) return { ok: false, errors };

  const spec: LaunchSpec = {
    runId: input.runId,
    runName: input.runName,
    entity: input.entity,
    project: input.project,
    queue: queue.name,
    queueVersion: queue.version,
    author: input.author,
    priority,
    resource: queue.resource,
    config: resolved.config,
    origins: resolved.origins,
    image: what.image,
    source: what.source,
    entrypoint,
    args,
    env: launch.env,
    runConfig: launch.config ?? {},
    builder: resolved.builder,
    startTimeoutSeconds: queue.startTimeoutSeconds,
    stopGraceSeconds: queue.stopGraceSeconds,
    ...protectedAllow(queue),
  };
  return { ok: true, spec };
}

/** Only what the agent has to know of the allow-list. */
function protectedAllow({ resource, overrideAllow = [] }: LaunchQueue): { protectedAllow?: string[] } {
  if (resource !== 'kubernetes') return {};
  const named = overrideAllow.filter((entry) => protectedDepth(parsePath(entry) ?? []) !== null);
  return named.length === 0 ? {} : { protectedAllow: named };
}

interface What {
  image: string | null;
  source: JobSource | null;
}

/** Exactly one of `job`, `image` and `source`; a local process may have none of them. */
function chooseWhat({ queue, launch, job }: LaunchSpecInput, errors: FieldError[]): What {
  const given = (['job', 'image', 'source'] as const).filter((key) => launch[key] !== undefined);
  const [first, second] = given;
  if (first === undefined) {
    if (queue.resource !== 'local-process') {
      errors.push({ path: 'image', message: 'Say what to run: give one of job, image and source.' });
    }
    return { image: null, source: null };
  }
  if (second !== undefined) {
    errors.push({
      path: second,
      message: `Give only one of job, image and source; this launch has ${given.join(' and ')}.`,
    });
    return { image: null, source: null };
  }
  const source: JobSource | null =
    launch.image !== undefined
      ? { type: 'image', image: launch.image }
      : (launch.source ?? job?.source ?? null);
  if (source === null) {
    errors.push({ path: 'job', message: 'The job does not exist, or you have no access to it.' });
    return { image: null, source: null };
  }
  const path = first === 'source' ? 'source.image' : first;
  for (const problem of sourceProblems(source)) {
    errors.push(
      source.type === 'image' ? { ...problem, path } : { ...problem, path: `source.${problem.path}` },
    );
  }
  if (source.type !== 'image') return { image: null, source };
  if (queue.resource === 'local-process') {
    errors.push({
      path,
      message: `Queue "${queue.name}" runs plain processes, which have no image. Launch on a Docker queue, or give an entrypoint without an image.`,
    });
  }
  return { image: source.image, source };
}

/** The launch's own entrypoint counts before that of the job; null leaves it to the image. */
function chooseEntrypoint(
  launch: Launch,
  fromJob: string[] | null,
  inShell: boolean,
  errors: FieldError[],
): string[] | null {
  const given = launch.entrypoint;
  if (given === undefined) return fromJob !== null && fromJob.length > 0 ? fromJob : null;
  if (typeof given !== 'string') return emptyIsError(given, errors);
  if (inShell) return emptyIsError(given.trim() === '' ? [] : [given], errors);
  try {
    return emptyIsError(splitCommand(given), errors);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    errors.push({ path: 'entrypoint', message: error.message });
    return null;
  }
}

function emptyIsError(entrypoint: string[], errors: FieldError[]): string[] | null {
  if (entrypoint.length > 0) return entrypoint;
  errors.push({
    path: 'entrypoint',
    message: 'The entrypoint is empty; leave it out to use that of the job or image.',
  });
  return null;
}

/** A process queue with `shell` hands the text of the entrypoint to that shell, which splits it by itself. */
function runsInShell(queue: LaunchQueue, config: Json): boolean {
  if (queue.resource !== 'local-process' || !isJsonObject(config)) return false;
  return config['shell'] === true || (typeof config['shell'] === 'string' && config['shell'] !== '');
}

function choosePriority(
  queue: LaunchQueue,
  priority: Priority | undefined,
  errors: FieldError[],
): Priority | null {
  if (queue.prioritized) return priority ?? DEFAULT_PRIORITY;
  if (priority !== undefined) {
    errors.push({
      path: 'priority',
      message: `Queue "${queue.name}" has no prioritization, so a launch cannot have a priority. Leave it out, or ask an admin to allow prioritization.`,
    });
  }
  return null;
}

function checkTexts(path: string, texts: readonly string[], errors: FieldError[]): void {
  texts.forEach((text, index) => {
    if (text.includes('\0'))
      errors.push({ path: `${path}.${index}`, message: 'A command line cannot hold a NUL character.' });
  });
}

function checkEnvironment(env: Record<string, string>, errors: FieldError[]): void {
  for (const [name, value] of Object.entries(env)) {
    const path = `env.${name}`;
    if (!ENV_NAME.test(name)) {
      errors.push({
        path,
        message:
          'The name of a variable is made of letters, digits and "_", and does not begin with a digit.',
      });
    } else if (value.includes('\0')) {
      errors.push({ path, message: 'An environment variable cannot hold a NUL character.' });
    } else if (bytes(`${name}=${value}`) >= MAX_VARIABLE_BYTES) {
      errors.push({ path, message: 'An environment variable can hold at most 128 KiB.' });
    }
  }
}
