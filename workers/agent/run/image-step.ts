import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { builtImage } from '@/core/build';
import { withoutCredentials } from '@/core/git-source';
import type { Failure, JsonObject, LaunchSpec, ResourceId } from '@/core/wire';
import type { BuildLog, Builder } from '../builders';
import { readContext } from '../builders/context';
import { RegistryError, type Registry } from '../registries';
import { RunFailure } from '../runners/types';
import type { BuildSource, PreparedSource, Sources } from '../sources';
import { errorCode } from '../support/timing';
import type { RunReport } from './reporter';
import { Turns } from './turns';

export interface ImageStepParts {
  sources: Sources;
  builder: Builder;
  /** Image name without tag that images are pushed to, and its registry; null: they stay on this host. */
  push: { destination: string; registry: Registry } | null;
  platform: string | null;
  /** Where sources are worked on; emptied by the agent when it starts. */
  directory: string;
}

export interface ImageStepOptions {
  report: (report: RunReport) => Promise<void>;
  /** For the output of a build. */
  log: BuildLog;
  warn: (reason: string, message: string) => void;
  signal: AbortSignal;
}

export interface RunImage {
  /** Null where the resource needs none. */
  image: string | null;
  /** A fresh copy of the source for a process to run in, which the runner takes over; null: there is none. */
  sourceDirectory: string | null;
}

/** Gets the image of a run: the one it names, or one that is built of its source, once for all runs and agents. */
export interface ImageStep {
  /** @throws RunFailure of phase `build` when there can be none */
  imageOf(spec: LaunchSpec, options: ImageStepOptions): Promise<RunImage>;
  /** Removes what is left of the source once the run is submitted, or never will be. */
  forget(runId: string): Promise<void>;
}

/** Resources whose machines see the images of this one. */
const ON_THIS_HOST: readonly ResourceId[] = ['local-container', 'local-process'];

export function createImageStep(parts: ImageStepParts): ImageStep {
  const turns = new Turns();
  return {
    async imageOf(spec, options) {
      const { image, source, resource, runId } = spec;
      if (image !== null) return { image, sourceDirectory: null };
      if (source === null || source.type === 'image') {
        if (resource === 'local-process') return { image: null, sourceDirectory: null };
        throw failure('config', 'The run names no image. Launch an image, or a job.');
      }
      const directory = join(parts.directory, runId);
      await rm(directory, { recursive: true, force: true });
      try {
        if (resource === 'local-process') {
          const { context } = await parts.sources(source, {
            directory,
            log: nothing,
            signal: options.signal,
          });
          return { image: null, sourceDirectory: context };
        }
        return { image: await build(spec, source, directory, parts, turns, options), sourceDirectory: null };
      } catch (error) {
        options.signal.throwIfAborted();
        throw toFailure(error);
      }
    },
    forget: (runId) => rm(join(parts.directory, runId), { recursive: true, force: true }),
  };
}

const nothing = () => Promise.resolve();
const failure = (category: Failure['category'], message: string, cause?: unknown) =>
  new RunFailure({ phase: 'build', category, message }, { cause });

async function build(
  spec: LaunchSpec,
  source: BuildSource,
  directory: string,
  parts: ImageStepParts,
  turns: Turns,
  options: ImageStepOptions,
): Promise<string> {
  const { builder, push } = parts;
  builder.check?.();
  if (push === null && !ON_THIS_HOST.includes(spec.resource)) {
    throw failure(
      'config',
      'The image would stay on the machine of the agent, where the resource cannot pull it from. Set builder.destination in launch-config.yaml to a registry that both reach.',
    );
  }
  await options.report({ state: 'building', data: { source: describe(source) } });
  const say = (line: string) => options.log(`${line}\n`);
  const prepared = await parts.sources(source, { directory, log: say, signal: options.signal });
  const { context, tag, generated } = await readContext(contextInput(spec, source, prepared), options.signal);
  const image = builtImage(push?.destination ?? null, tag);
  // Runs of one agent that need the same image wait for the first; agents that build it at once push the same.
  const cached = await turns.take(image, options.signal, async () => {
    if (await exists(image, parts, options.signal)) return true;
    await say(
      `Building ${image} from ${context.files.length} files by ${context.dockerfilePath}${generated ? ':' : ''}`,
    );
    if (generated) await options.log(context.dockerfile);
    await push?.registry.ensureRepository(image, options.signal);
    const { log, warn, signal } = options;
    const { platform } = parts;
    await builder.build({
      runId: spec.runId,
      context,
      tag,
      destination: push?.destination ?? null,
      image,
      platform,
      log,
      warn,
      signal,
    });
    return false;
  });
  if (cached) await say(`The image ${image} exists already: it is not built again.`);
  const details: JsonObject = {
    tag,
    image,
    dockerfile: context.dockerfilePath,
    generated,
    cached,
    contextFiles: context.files.length,
    commit: prepared.commit,
  };
  await options.report({ data: { kind: 'image', image, build: details } });
  return image;
}

const exists = (image: string, { push, builder }: ImageStepParts, signal: AbortSignal): Promise<boolean> =>
  push === null
    ? (builder.hasLocalImage?.(image, signal) ?? Promise.resolve(false))
    : push.registry.exists(image, signal);

const contextInput = (spec: LaunchSpec, source: BuildSource, prepared: PreparedSource) => ({
  source: prepared,
  dockerfile: source.dockerfile ?? null,
  entrypoint: spec.entrypoint ?? [],
  pythonVersion: source.pythonVersion ?? null,
  acceleratorBaseImage: spec.builder.acceleratorBaseImage ?? null,
  // Its containers work in folders that belong to root.
  runAsRoot: spec.resource === 'sagemaker',
});

function describe(source: BuildSource): JsonObject {
  if (source.type === 'code') return { type: 'code', artifact: source.artifact };
  return {
    type: 'git',
    repository: withoutCredentials(source.repository),
    ref: source.ref ?? source.commit ?? null,
  };
}

const CATEGORY_OF: Record<RegistryError['reason'], Failure['category']> = {
  unauthorized: 'config',
  forbidden: 'config',
  config: 'config',
  'rate-limited': 'quota',
  unavailable: 'platform',
  timeout: 'platform',
};

function toFailure(error: unknown): unknown {
  if (error instanceof RegistryError) return failure(CATEGORY_OF[error.reason], error.message, error);
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return failure('platform', 'The disk of the agent is full. Make room, then launch again.', error);
  return error;
}
