import type { Failure } from '@/core/wire';

const PHASES: Record<Failure['phase'], string> = {
  agent: 'before anything was submitted',
  build: 'while its image was built',
  submit: 'when it was handed to the resource',
  run: 'while it ran',
};
export const phaseInWords = (phase: Failure['phase']): string => PHASES[phase];

interface Explanation {
  title: string;
  /** What to do about it. */
  advice: string;
}

const CATEGORIES: Record<Failure['category'], Explanation> = {
  'user-error': {
    title: 'The program ended with an error',
    advice:
      'The end of the log usually says why. Correct the program, its arguments or its configuration, and launch again.',
  },
  oom: {
    title: 'Out of memory',
    advice:
      'The program was killed for using more memory than it may. Raise “memory” in the configuration of the queue, or let the program use less (smaller batches, fewer data loader workers).',
  },
  'image-pull': {
    title: 'The image could not be pulled',
    advice:
      'Check the name and tag of the image, and that the host of the agent may read the registry (docker login, pull secret).',
  },
  build: {
    title: 'The image could not be built',
    advice:
      'The build output in the log shows the step that failed. An agent whose builder is “noop” builds nothing: set “builder.type” in its configuration, or launch a finished image.',
  },
  'agent-lost': {
    title: 'The agent was lost',
    advice:
      'The host of the agent did not come back in time, so how the run ended is unknown. Launch again once the agent is online; this is no fault of the program.',
  },
  'start-timeout': {
    title: 'It did not start in time',
    advice:
      'The resource accepted the run but did not start it. Look for warnings (no capacity, image pull) or raise the start timeout in the settings of the queue.',
  },
  config: {
    title: 'The configuration was refused',
    advice:
      'The resource did not accept what the queue’s configuration asks for. The tab Submission shows what was sent; an admin of the entity can change the configuration.',
  },
  quota: {
    title: 'A quota was exceeded',
    advice:
      'The platform refused more resources. Wait for other runs to end, ask for a higher quota, or launch with smaller values.',
  },
  deleted: {
    title: 'It was deleted from outside',
    advice:
      'Somebody or something removed the job from the resource while Slipway watched it. Requeue the run if that was not meant.',
  },
  platform: {
    title: 'The platform failed',
    advice:
      'The resource reported an error of its own. Requeue the run; if it happens again, look at the platform’s status.',
  },
  internal: {
    title: 'Slipway failed',
    advice:
      'This should not happen. Requeue the run, and report it with the id of the run if it happens again.',
  },
};
export const explainFailure = (category: Failure['category']): Explanation => CATEGORIES[category];
/** A category in words; of a later release as it is spelt. */
export const failureTitle = (category: string): string =>
  Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category as Failure['category']].title : category;
