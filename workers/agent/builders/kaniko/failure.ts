import { stripEscapes } from '@/core/ansi';
import { CloudError } from '../../environments';
import { KubeConfigError, KubeError, KubeUnreachable } from '../../kube/errors';
import type { KubeObject } from '../../kube/types';
import { RegistryError } from '../../registries';
import { RunFailure } from '../../runners/types';
import { diskFull } from '../disk-full';
import { DEADLINE_SECONDS } from './job';
import { stateOf } from './pod';

type Category = RunFailure['failure']['category'];
export const buildFailure = (category: Category, message: string, cause?: unknown): RunFailure =>
  new RunFailure({ phase: 'build', category, message }, { cause });

/** The end of a log, for the line that says what went wrong. */
export class LogTail {
  private text = '';

  add(data: Uint8Array | string): void {
    this.text = (this.text + (typeof data === 'string' ? data : Buffer.from(data).toString('utf8'))).slice(
      -8192,
    );
  }

  /** The line that tells of a full disk, if there is one. */
  get diskFull(): string | null {
    return diskFull(this.text);
  }

  /** The last line that tells of an error, else the last line. */
  get line(): string | null {
    const lines = stripEscapes(this.text)
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    return lines.findLast((line) => /\berror\b|\bFATA|\bfailed\b/i.test(line)) ?? lines.at(-1) ?? null;
  }
}

/** What kaniko says when its credentials for registry or store are at fault, not the Dockerfile. */
const CREDENTIALS =
  /push permission|UNAUTHORIZED|DENIED|NoCredentialProviders|AccessDenied|no basic auth|could not find default credentials|AZURE_STORAGE_ACCESS_KEY|MANIFEST_UNKNOWN: Requested/;

/** A build Job that has failed. */
export function jobFailure(reason: string, pod: KubeObject | null, tail: LogTail): RunFailure {
  if (reason === 'DeadlineExceeded') {
    return buildFailure(
      'build',
      `The build took longer than ${DEADLINE_SECONDS / 60} minutes and was ended. Give it more time with kaniko-config (spec.activeDeadlineSeconds).`,
    );
  }
  const ended = pod === null ? undefined : stateOf(pod).terminated;
  if (ended?.reason === 'OOMKilled') {
    return buildFailure(
      'oom',
      'The build ran out of memory. Give its container more with kaniko-config (resources.limits.memory).',
    );
  }
  if (tail.diskFull !== null) {
    return buildFailure(
      'platform',
      `The disk of the cluster node is full: ${tail.diskFull} — launch again, or ask for a node with room by kaniko-config (resources.requests.ephemeral-storage).`,
    );
  }
  const line = tail.line;
  if (line !== null && CREDENTIALS.test(line)) {
    return buildFailure(
      'config',
      `kaniko was refused by the registry or the store: ${line} — give the build a Secret (secret-name, secret-key) or its service account the rights to push and to read the context.`,
    );
  }
  const code = ended?.exitCode === undefined ? '' : ` with exit code ${ended.exitCode}`;
  return buildFailure('build', `The build failed${code}${line === null ? '.' : `: ${line}`}`);
}

/** Whatever went wrong around a build, as a failure of it. */
export function toBuildFailure(error: unknown): unknown {
  if (error instanceof CloudError) {
    const ours =
      error.reason === 'unavailable' || error.reason === 'timeout' || error.reason === 'rate-limited';
    return buildFailure(
      ours ? 'platform' : error.reason === 'space' ? 'quota' : 'config',
      error.message,
      error,
    );
  }
  if (error instanceof KubeConfigError) return buildFailure('config', error.message, error);
  if (error instanceof KubeUnreachable) return buildFailure('platform', error.message, error);
  if (error instanceof RegistryError) return buildFailure('platform', error.message, error);
  if (!(error instanceof KubeError)) return error;
  if (error.status === 403 && /quota/i.test(error.message))
    return buildFailure('quota', error.message, error);
  if (error.status === 401 || error.status === 403) {
    return buildFailure(
      'config',
      `The cluster does not allow the agent to build: ${error.message}. It needs get, list, create and delete of jobs, and get and list of pods and pods/log.`,
      error,
    );
  }
  if (error.status === 404 || error.status === 422 || error.status === 400) {
    return buildFailure('config', `The cluster does not take the build Job: ${error.message}`, error);
  }
  return buildFailure('platform', `The cluster could not build: ${error.message}`, error);
}
