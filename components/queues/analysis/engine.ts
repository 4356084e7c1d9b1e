import type { TaskName, Tasks } from './tasks';
import type { Answer, Request } from './worker';

interface Waiting {
  request: Request;
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let broken = false;
let lastId = 0;

/** Carries a task out beside the page; in the page where the browser gives no worker or its script cannot be loaded. */
export function carryOut<N extends TaskName>(name: N, input: Tasks[N]['input']): Promise<Tasks[N]['result']> {
  if (broken) return inPage(name, input);
  return new Promise((resolve, reject) => {
    lastId += 1;
    const request: Request = { id: lastId, name, input };
    waiting.set(lastId, { request, resolve, reject });
    try {
      worker ??= start();
      worker.postMessage(request);
    } catch {
      giveUp();
    }
  });
}

function start(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'config' });
  started.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.result as never);
  });
  started.addEventListener('error', giveUp);
  return started;
}

/** What was asked so far, and everything from now on, is done in the page. */
function giveUp(): void {
  broken = true;
  worker?.terminate();
  worker = undefined;
  for (const { request, resolve, reject } of waiting.values())
    inPage(request.name, request.input).then((result) => resolve(result as never), reject);
  waiting.clear();
}

async function inPage<N extends TaskName>(name: N, input: Tasks[N]['input']): Promise<Tasks[N]['result']> {
  const tasks = await import('./tasks');
  return tasks.carryOut(name, input);
}
