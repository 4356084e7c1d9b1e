import { KubeConfigError, KubeError, isPassing, kubeStatus } from '../../kube/errors';
import { backoffDelay, errorMessage, sleep } from '../../support/timing';
import { RunFailure, type Patience } from '../types';
import type { ObjectRef } from './ref';

type Category = RunFailure['failure']['category'];

/** What the API's refusal of a submission means for the run, and what to do about it. */
export function submitFailure(error: unknown, { kind, apiVersion, namespace, name }: ObjectRef): unknown {
  if (error instanceof KubeConfigError) return failure('config', error.message, error);
  if (!(error instanceof KubeError)) return error;
  const { message, status } = error;
  switch (status) {
    case 401:
      return failure(
        'config',
        `The cluster does not accept the agent's credentials: ${message}. Renew the token or kubeconfig of the agent.`,
        error,
      );
    case 403:
      if (/exceeded quota|quota/i.test(message))
        return failure(
          'quota',
          `The quota of the namespace ${namespace} is used up: ${message}. Wait for runs to end, or have the quota raised.`,
          error,
        );
      if (/violates PodSecurity|admission webhook|denied the request/i.test(message))
        return failure('config', `The cluster's policy refuses the ${kind}: ${message}.`, error);
      return failure(
        'config',
        `The agent may not do this in the namespace ${namespace}: ${message}. Give its service account the Role of the guide "Kubernetes" there.`,
        error,
      );
    case 404:
      if (/namespaces? /i.test(message))
        return failure(
          'config',
          `The namespace ${namespace} does not exist. Create it, or name another one in the queue.`,
          error,
        );
      return failure('config', notInstalled(apiVersion, kind), error);
    case 409:
      return failure(
        'config',
        `A ${kind} called ${name} is in ${namespace} that is not this run's. Rename or remove it.`,
        error,
      );
    case 400:
    case 413:
    case 422:
      return failure(
        'config',
        `The cluster refuses the ${kind}: ${message}. Correct the configuration of the queue.`,
        error,
      );
    default:
      return failure('platform', `The cluster refuses the ${kind} (${status}): ${message}`, error);
  }
}

export const notInstalled = (apiVersion: string, kind: string): string =>
  `The cluster does not know ${kind} of ${apiVersion}: its custom resource definition is not installed, or "apiVersion" or "kind" is misspelt.`;

function failure(category: Category, message: string, cause: unknown): RunFailure {
  return new RunFailure({ phase: 'submit', category, message }, { cause });
}

/** Whether it is for want of permission or valid credentials, which may be given while a run goes on. */
const isLockedOut = (error: unknown) => kubeStatus(error) === 401 || kubeStatus(error) === 403;

/**
 * Repeats what may pass (no answer, 429, 5xx) until it does or patience ends. What was asked has to be safe to repeat. `stubborn`: goes on
 * also when it is locked out, since the job is there and must not be given up.
 */
export async function persist<T>(
  action: (signal: AbortSignal) => Promise<T>,
  { signal, warn }: Patience,
  { stubborn = false } = {},
): Promise<T> {
  let told = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await action(signal);
    } catch (error) {
      if (signal.aborted || !(isPassing(error) || (stubborn && isLockedOut(error)))) throw error;
      // Once is bad luck; a person hears of it when it lasts.
      if (!told && attempt > 0) warn?.('ClusterBusy', `${errorMessage(error)} The agent goes on trying.`);
      told ||= attempt > 0;
      const asked = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      await sleep(Math.max(asked, backoffDelay(attempt, { baseMs: 300, maxMs: 15_000 })), signal);
    }
  }
}

/** Null instead of 404. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (kubeStatus(error) === 404) return null;
    throw error;
  }
}
