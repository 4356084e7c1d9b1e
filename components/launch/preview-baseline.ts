'use client';
import type { LaunchInput, Preview, Queue, Run } from '@/core/wire';
import { formFromRun, toLaunch } from './launch-form';
import { usePreview } from './use-preview';

/** What the preview is compared with. */
export type Baseline = 'none' | 'defaults' | 'run';

/** The launch without anything chosen: only what is launched, with every default of the queue. */
const plain = ({ image, job, source, entrypoint, args }: LaunchInput, queue: Queue): LaunchInput => ({
  ...(image === undefined ? {} : { image }),
  ...(job === undefined ? {} : { job }),
  ...(source === undefined ? {} : { source }),
  ...(RUNNABLE.has(queue.resource) && entrypoint !== undefined ? { entrypoint } : {}),
  ...(RUNNABLE.has(queue.resource) && args !== undefined ? { args } : {}),
});
/** Resources whose runs are nothing without a command. */
const RUNNABLE = new Set<Queue['resource']>(['local-process']);

/**
 * The submission to compare with, rendered by the server like the preview itself: of a launch with the queue's defaults, or with the
 * inputs of a run.
 */
export function useBaseline(
  baseline: Baseline,
  queue: Queue | undefined,
  launch: LaunchInput | undefined,
  run: Run | undefined,
): { text: string | undefined; problem: string | undefined } {
  const wanted =
    queue === undefined || launch === undefined
      ? undefined
      : baseline === 'defaults'
        ? plain(launch, queue)
        : baseline === 'run' && run !== undefined
          ? toLaunch({ ...formFromRun(run), name: '' }, queue).launch
          : undefined;
  const { preview, error } = usePreview(
    queue?.entity ?? '',
    wanted === undefined ? undefined : queue?.name,
    queue?.version,
    wanted,
  );
  if (wanted === undefined) return { text: undefined, problem: undefined };
  return { text: preview?.submission?.text, problem: error?.message ?? refusal(preview) };
}

function refusal(preview: Preview | undefined): string | undefined {
  const [first] = preview?.errors ?? [];
  return first === undefined ? undefined : `There is nothing to compare with: ${first.message}`;
}
