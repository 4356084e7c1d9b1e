import type Docker from 'dockerode';
import { dockerPlan, renderSubmission, type RenderContext } from '@/core/render';
import { sleep } from '../../support/timing';
import { RunFailure, type Patience, type PreparedRun, type Runner, type RunnerJob } from '../types';
import { createContainer } from './create';
import {
  connectEngine,
  engineAway,
  engineMessage,
  engineStatus,
  isEngineAway,
  whenEngineAnswers,
} from './engine';
import { inspect, isAlive, watchContainer } from './watch';

const RUN_LABEL = 'slipway.dev/run-id';
const NEVER_STARTED = '0001-01-01T00:00:00Z';

/** Runs jobs as containers of the engine on the agent's machine. */
export function createDockerRunner(): Runner {
  let connection: Promise<Docker> | undefined;
  const engine = () => (connection ??= connectEngine());

  return {
    hostBound: true,
    prepare: (job) => prepare(job, engine),

    async discard(name, patience) {
      const docker = await engine();
      const container = docker.getContainer(name);
      const info = await whenEngineAnswers(() => inspect(container), patience);
      if (info === null) return;
      if (info.Config.Labels[RUN_LABEL] === undefined) {
        throw new RunFailure({
          phase: 'submit',
          category: 'config',
          message: `A container called ${name} is there that is not Slipway's. Rename or remove it.`,
        });
      }
      await remove(container, patience);
    },

    async adopt(name, patience) {
      const container = (await engine()).getContainer(name);
      const info = await whenEngineAnswers(() => inspect(container), patience);
      if (info === null) return false;
      if (!isAlive(info) && info.State.StartedAt === NEVER_STARTED) {
        await whenEngineAnswers(() => start(container, patience), patience);
      }
      return true;
    },

    watch: (name, options) => {
      const inner = engine().then((docker) => watchContainer(docker, name, options));
      let started: Awaited<typeof inner> | undefined;
      return {
        items: {
          async *[Symbol.asyncIterator]() {
            started = await inner;
            yield* started.items;
          },
        },
        cursor: (consumed) => started?.cursor(consumed) ?? options.cursor ?? '',
      };
    },

    async stop(name, graceSeconds, patience) {
      const container = (await engine()).getContainer(name);
      try {
        await whenEngineAnswers(
          () => container.stop({ t: graceSeconds, abortSignal: patience.signal }),
          patience,
        );
      } catch (error) {
        // 304: it had ended already. 404: it is gone.
        if (engineStatus(error) !== 304 && engineStatus(error) !== 404) throw error;
      }
      const info = await whenEngineAnswers(() => inspect(container), patience);
      return { forced: info?.State.ExitCode === 137 };
    },

    async release(name, removeIt, patience) {
      if (removeIt) await remove((await engine()).getContainer(name), patience);
    },
  };
}

function prepare(job: RunnerJob, engine: () => Promise<Docker>): PreparedRun {
  const context: RenderContext = {
    image: job.image,
    macroEnv: job.macroEnv,
    agentId: job.agentId,
    agentName: job.agentName,
    secretNames: Object.keys(job.secrets),
  };
  const { submission, problems } = renderSubmission(job.spec, context);
  const plan = dockerPlan(job.spec, context);
  return {
    submission,
    problems,
    externalRef: plan.containerName,
    removeAtEnd: plan.removeAfterwards,
    async submit(patience) {
      const { signal, warn } = patience;
      let told = false;
      for (;;) {
        const input = {
          args: plan.createArgs,
          image: plan.image,
          passThrough: plan.envPassThrough,
          secrets: job.secrets,
          signal,
        };
        const result = await createContainer(input);
        if (result.kind !== 'away') break;
        if (!told) warn?.(...engineAway(result.message));
        told = true;
        await sleep(2000, signal);
      }
      const container = (await engine()).getContainer(plan.containerName);
      await whenEngineAnswers(() => start(container, patience), patience);
    },
  };
}

/** Starts a container; one that cannot be started is removed again, as it never ran. */
async function start(container: Docker.Container, patience: Patience): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    if (engineStatus(error) === 304) return;
    if (isEngineAway(error) || engineStatus(error) === undefined) throw error;
    await remove(container, patience);
    throw startFailure(engineMessage(error), error);
  }
}

function startFailure(message: string, cause: unknown): RunFailure {
  const words = message.replace(/^.*(?:OCI runtime create failed|failed to create task[^:]*): /s, '').trim();
  if (
    /executable file not found|no such file or directory/i.test(message) &&
    /exec|starting container process/i.test(message)
  ) {
    const advice =
      'The command was not found in the image: check the entrypoint, and that the image holds the program.';
    return new RunFailure(
      { phase: 'run', category: 'user-error', message: `${advice} Docker says: ${words}`, exitCode: 127 },
      { cause },
    );
  }
  if (/permission denied/i.test(message) && /exec/i.test(message)) {
    const advice = 'The command of the image could not be run: is it executable?';
    return new RunFailure(
      { phase: 'run', category: 'user-error', message: `${advice} Docker says: ${words}`, exitCode: 126 },
      { cause },
    );
  }
  const gpu = /could not select device driver/i.test(message)
    ? ' The machine of the agent has no such device, or lacks the NVIDIA container toolkit.'
    : '';
  return new RunFailure(
    { phase: 'submit', category: 'config', message: `docker could not start the container: ${words}${gpu}` },
    { cause },
  );
}

async function remove(container: Docker.Container, patience: Patience): Promise<void> {
  try {
    // As --rm does: the anonymous volumes go with the container.
    await whenEngineAnswers(() => container.remove({ force: true, v: true }), patience);
  } catch (error) {
    // 404: gone. 409: somebody else is removing it.
    if (engineStatus(error) !== 404 && engineStatus(error) !== 409) throw error;
  }
}
