import { RunFailure } from '../../runners/types';
import { runCommand, type CommandResult } from '../../support/command';
import { errorCode } from '../../support/timing';

/**
 * What git gets of the agent's environment: enough to find its helpers, the account's configuration, keys and proxies. Nothing of
 * Slipway's, and nothing that would point git at another repository.
 */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|XDG_(CONFIG|CACHE|RUNTIME)_.*|SSH_AUTH_SOCK|SSH_AGENT_PID|GIT_SSH|GIT_SSH_COMMAND|GIT_SSH_VARIANT|GIT_ASKPASS|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|GIT_SSL_.*|SSL_CERT_.*|CURL_CA_BUNDLE|GIT_HTTP_.*|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY|AWS_.*|GOOGLE_.*|CLOUDSDK_.*|AZURE_.*|GH_.*|GITHUB_TOKEN|GITLAB_TOKEN)$/;

/** Nothing that a repository brings may run, and its files are the same on every machine. */
const SETTINGS = [
  'core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.symlinks=true', 'core.autocrlf=false', 'core.eol=lf', 'core.safecrlf=false',
  'advice.detachedHead=false', 'gc.auto=0', 'maintenance.auto=false', 'credential.interactive=false', 'submodule.recurse=false',
  'http.lowSpeedLimit=1000', 'http.lowSpeedTime=60',
].flatMap((setting) => ['-c', setting]); // prettier-ignore

export interface GitOptions {
  cwd: string;
  /** What git may speak, as `https:ssh`. */
  protocols: string;
  signal: AbortSignal;
}

/**
 * Runs git without a shell and without ever asking anyone. Credentials come from the account of the agent alone.
 *
 * @throws RunFailure when there is no git on this machine
 */
export async function git(
  args: readonly string[],
  { cwd, protocols, signal }: GitOptions,
): Promise<CommandResult> {
  try {
    return await runCommand('git', [...SETTINGS, ...args], {
      cwd,
      env: gitEnvironment(process.env, protocols),
      signal,
    });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const message =
      'The git command is not installed on the machine of the agent, or not in its PATH. Install git there.';
    throw new RunFailure({ phase: 'build', category: 'config', message }, { cause: error });
  }
}

function gitEnvironment(agent: NodeJS.ProcessEnv, protocols: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(agent)) {
    if (value !== undefined && PASSED_ON.test(name)) env[name] = value;
  }
  const ssh = env['GIT_SSH_COMMAND'] ?? (env['GIT_SSH'] === undefined ? 'ssh' : undefined);
  return {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // Set and empty: neither a window nor another program asks for a password.
    GIT_ASKPASS: env['GIT_ASKPASS'] ?? '',
    GIT_ALLOW_PROTOCOL: protocols,
    ...(ssh === undefined ? {} : { GIT_SSH_COMMAND: `${ssh} -o BatchMode=yes -o ConnectTimeout=30` }),
  };
}
