import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createBuilder } from './builders';
import type { AgentClient } from './client';
import type { AgentSettings } from './config';
import { createRegistry } from './registries';
import { createImageStep, type ImageStep } from './run/image-step';
import { createSources } from './sources';
import type { AgentLog } from './support/logger';
import { errorMessage } from './support/timing';

export interface ImagesParts {
  client: Pick<AgentClient, 'artifact'>;
  stateDirectory: string;
  log: AgentLog;
  /** Aborted when the agent ends. */
  signal: AbortSignal;
}

/** What turns jobs into images, as the agent's file says. To be made once the state directory belongs to this process alone. */
export async function createImages(
  { config, builderType }: Pick<AgentSettings, 'config' | 'builderType'>,
  { client, stateDirectory, log, signal }: ImagesParts,
): Promise<ImageStep> {
  const destination = config.builder ? config.builder.destination : (config.registry?.uri ?? null);
  const push =
    destination === null ? null : { destination, registry: createRegistry({ destination, config }) };
  const directory = join(stateDirectory, 'builds');
  // Of an agent that was killed: the runs that it was building for have gone back to their queue.
  await rm(directory, { recursive: true, force: true });
  const builder = createBuilder(builderType, { config, registry: push?.registry ?? null, log });
  builder.sweep?.(signal).catch((error: unknown) => {
    if (!signal.aborted)
      log.warn(`What earlier builds have left could not be removed: ${errorMessage(error)}`);
  });
  return createImageStep({
    sources: createSources({ client }),
    builder,
    push,
    platform: config.builder?.platform ?? null,
    directory,
  });
}
