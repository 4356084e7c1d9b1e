import { carryOut, type TaskName, type Tasks } from './tasks';

/** One task for the worker. `id` comes back with the answer. */
export interface Request<N extends TaskName = TaskName> {
  id: number;
  name: N;
  input: Tasks[N]['input'];
}
export type Answer = { id: number } & ({ result: Tasks[TaskName]['result'] } | { error: string });

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  self.postMessage(answer(data));
});

function answer({ id, name, input }: Request): Answer {
  try {
    return { id, result: carryOut(name, input) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
