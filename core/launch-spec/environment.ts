import type { LaunchSpec } from '@/core/wire';

/**
 * The variables that a program finds out about its run with: Slipway's own, and those that training code with the W&B library reads.
 * They are set last: nothing a queue or a launch gives can replace them. No key is among them.
 *
 * @param image the image that is run; null for a plain process, which gets the empty text.
 */
export function runEnvironment(spec: LaunchSpec, image: string | null): Record<string, string> {
  const config = JSON.stringify(spec.runConfig);
  return {
    SLIPWAY_RUN_ID: spec.runId,
    SLIPWAY_RUN_NAME: spec.runName,
    SLIPWAY_ENTITY: spec.entity,
    SLIPWAY_PROJECT: spec.project,
    SLIPWAY_QUEUE: spec.queue,
    SLIPWAY_IMAGE: image ?? '',
    SLIPWAY_CONFIG: config,
    WANDB_RUN_ID: spec.runId,
    WANDB_NAME: spec.runName,
    WANDB_ENTITY: spec.entity,
    WANDB_PROJECT: spec.project,
    WANDB_LAUNCH: 'true',
    WANDB_DOCKER: image ?? '',
    WANDB_CONFIG: config,
    WANDB_LAUNCH_QUEUE_NAME: spec.queue,
    WANDB_LAUNCH_QUEUE_ENTITY: spec.entity,
  };
}
