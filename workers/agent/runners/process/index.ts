import { spawn } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { processPlan, renderSubmission, type ProcessPlan, type RenderContext } from '@/core/render';
import { sleep } from '../../support/timing';
import { RunFailure, type PreparedRun, type Runner, type RunnerJob } from '../types';
import { processEnvironment } from './environment';
import {
  clearRunDirectory,
  createRunDirectory,
  exitCode,
  hasSource,
  livingGroup,
  markKilled,
  runDirectory,
  takeSource,
  wasClaimed,
  type RunDirectory,
} from './run-directory';
import { SHIM, SHIM_NAME } from './shim';
import { watchProcess } from './watch';

/** How long a shim may take to begin, milliseconds. */
const BEGIN_MS = 10_000;
const POLL_MS = 10;
const REF_PREFIX = 'process:';

/** Runs jobs as processes on the agent's machine, each the leader of its own process group. */
export function createProcessRunner({ stateDirectory }: { stateDirectory: string }): Runner {
  const directoryOf = (externalRef: string) =>
    runDirectory(stateDirectory, externalRef.slice(REF_PREFIX.length));

  return {
    hostBound: true,
    prepare: (job) => prepare(job, runDirectory(stateDirectory, job.spec.runId)),

    async discard(externalRef) {
      const directory = directoryOf(externalRef);
      const group = await livingGroup(directory);
      if (group !== null) await kill(directory, group);
      await clearRunDirectory(directory, { keepWork: false });
    },

    adopt: (externalRef) => wasClaimed(directoryOf(externalRef)),
    watch: (externalRef, options) => watchProcess(directoryOf(externalRef), options),

    async stop(externalRef, graceSeconds, { signal }) {
      const directory = directoryOf(externalRef);
      const group = await livingGroup(directory);
      if (group === null) return { forced: false };
      signalGroup(group, 'SIGTERM');
      const until = performance.now() + graceSeconds * 1000;
      while (performance.now() < until) {
        if ((await exitCode(directory)) !== null || (await livingGroup(directory)) === null)
          return { forced: false };
        await sleep(POLL_MS * 5, signal);
        if (signal.aborted) return { forced: false };
      }
      await kill(directory, group);
      return { forced: true };
    },

    async release(externalRef) {
      const directory = directoryOf(externalRef);
      await clearRunDirectory(directory, { keepWork: !(await hasSource(directory)) });
    },
  };
}

function prepare(job: RunnerJob, directory: RunDirectory): PreparedRun {
  const context: RenderContext = {
    image: job.image,
    macroEnv: job.macroEnv,
    agentId: job.agentId,
    agentName: job.agentName,
    secretNames: Object.keys(job.secrets),
  };
  const { submission, problems } = renderSubmission(job.spec, context);
  const plan = processPlan(job.spec, context);
  return {
    submission,
    problems,
    externalRef: `${REF_PREFIX}${job.spec.runId}`,
    removeAtEnd: true,
    submit: ({ signal }) => submit(plan, job, directory, signal),
  };
}

async function submit(
  plan: ProcessPlan,
  { secrets, sourceDirectory }: RunnerJob,
  directory: RunDirectory,
  signal: AbortSignal,
): Promise<void> {
  if (await wasClaimed(directory)) return;
  await createRunDirectory(directory);
  if (sourceDirectory) await takeSource(directory, sourceDirectory);
  const env = processEnvironment({
    env: plan.env,
    passThrough: plan.envPassThrough,
    secrets,
    agent: process.env,
  });
  const cwd = plan.cwd === null ? directory.work : resolve(directory.work, plan.cwd);
  await checkDirectory(cwd);
  const program = plan.argv[0] ?? '';
  await checkProgram(program, cwd, env['PATH'] ?? '');
  if (signal.aborted) return;
  await start([program, ...plan.argv.slice(1)], directory, cwd, env);
  for (const until = performance.now() + BEGIN_MS; performance.now() < until;) {
    if ((await livingGroup(directory)) !== null || (await exitCode(directory)) !== null) return;
    await sleep(POLL_MS);
  }
  throw new RunFailure({
    phase: 'submit',
    category: 'platform',
    message: 'The process could not be started within 10 seconds.',
  });
}

function start(
  argv: string[],
  directory: RunDirectory,
  cwd: string,
  env: Record<string, string>,
): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    const child = spawn('/bin/sh', ['-c', SHIM, SHIM_NAME, directory.root, ...argv], {
      cwd,
      // The cast: types of the web framework make NODE_ENV part of every environment.
      env: env as NodeJS.ProcessEnv,
      detached: true,
      stdio: 'ignore',
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const message =
        error.code === 'E2BIG'
          ? 'Arguments and environment of the program are too large for this machine.'
          : `The process could not be started: ${error.message}`;
      reject(
        new RunFailure(
          { phase: 'submit', category: error.code === 'E2BIG' ? 'config' : 'platform', message },
          { cause: error },
        ),
      );
    });
    child.once('spawn', () => {
      child.unref();
      resolvePromise();
    });
  });
}

async function checkDirectory(cwd: string): Promise<void> {
  const info = await stat(cwd).catch(() => null);
  if (info?.isDirectory()) return;
  throw new RunFailure({
    phase: 'submit',
    category: 'config',
    message: `The working directory ${cwd} (cwd of the queue) does not exist on the machine of the agent.`,
  });
}

/** Says what is wrong before anything is started: a shell's "not found" in the log is easily overlooked. */
async function checkProgram(program: string, cwd: string, path: string): Promise<void> {
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : join(cwd, program)]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((entry) => join(entry, program));
  let exists = false;
  for (const candidate of candidates) {
    const info = await stat(candidate).catch(() => null);
    if (!info?.isFile()) continue;
    exists = true;
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new RunFailure({
    phase: 'run',
    category: 'user-error',
    exitCode: exists ? 126 : 127,
    message: exists
      ? `The command ${program} is not executable on the machine of the agent.`
      : `The command ${program} was not found on the machine of the agent${program.includes('/') ? '' : ` (PATH ${path})`}. Check the entrypoint.`,
  });
}

/** SIGKILL to the group, and waits until it is gone. */
async function kill(directory: RunDirectory, group: number): Promise<void> {
  await markKilled(directory);
  signalGroup(group, 'SIGKILL');
  for (let waited = 0; waited < 5000 && (await livingGroup(directory)) !== null; waited += POLL_MS)
    await sleep(POLL_MS);
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
