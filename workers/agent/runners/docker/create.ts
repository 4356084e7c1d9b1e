import { spawn } from 'node:child_process';
import { RunFailure } from '../types';

/** What the `docker` command line itself needs, to find its engine, its settings and registry credentials. */
const CLI_VARIABLES =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TMPDIR|SSH_AUTH_SOCK|XDG_.*|DOCKER_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|AWS_.*|GOOGLE_.*|CLOUDSDK_.*|AZURE_.*|REGISTRY_AUTH_FILE)$/;
/** A secret of such a name would turn the command line to another program, user or engine. */
const RESERVED = /^(PATH|HOME|DOCKER_.*)$/;
/** The agent's own credentials: no program gets them, even if a queue asks for them by name. */
const WITHHELD = /^SLIPWAY_(AGENT_TOKEN|API_KEY)$/;

const MAX_MESSAGE_CHARACTERS = 4000;

export interface CreateInput {
  /** After `docker create`; ends with image and arguments. */
  args: string[];
  /** To name it when it cannot be had. */
  image: string;
  /** Names that `--env NAME` takes from the command line's environment. */
  passThrough: string[];
  secrets: Record<string, string>;
  signal: AbortSignal;
}

/** `exists`: a container of this name is there. `away`: no engine answers. */
export type CreateResult = { kind: 'created' } | { kind: 'exists' } | { kind: 'away'; message: string };

/**
 * `docker create`, image pull included. By the command line and not the socket, since each key of a queue's config is an option of
 * it: its reading of options is the contract. Without a shell; secrets are in its environment, never in its arguments.
 *
 * @throws RunFailure when docker refuses the options or cannot get the image
 */
export async function createContainer({
  args,
  image,
  passThrough,
  secrets,
  signal,
}: CreateInput): Promise<CreateResult> {
  const { code, stderr } = await docker(['create', ...args], cliEnvironment(passThrough, secrets), signal);
  if (code === 0) return { kind: 'created' };
  if (/is already in use by container/.test(stderr)) return { kind: 'exists' };
  if (
    /cannot connect to the docker daemon|error during connect|docker daemon is not running|dial unix .*(connection refused|no such file)/i.test(
      stderr,
    )
  ) {
    return { kind: 'away', message: dockerWords(stderr) };
  }
  throw createFailure(stderr, image);
}

export function cliEnvironment(
  passThrough: string[],
  secrets: Record<string, string>,
): Record<string, string> {
  const reserved = Object.keys(secrets).find((name) => RESERVED.test(name));
  if (reserved !== undefined) {
    throw new RunFailure({
      phase: 'submit',
      category: 'config',
      message: `A secret of a Docker queue cannot be called ${reserved}: the docker command reads that variable itself. Rename it.`,
    });
  }
  const wanted = new Set(passThrough);
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (wanted.has(entry[0]) || CLI_VARIABLES.test(entry[0])) &&
      !WITHHELD.test(entry[0]),
  );
  return { ...Object.fromEntries(own), ...secrets };
}

function docker(
  args: string[],
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    // The cast: types of the web framework make NODE_ENV part of every environment.
    const child = spawn('docker', args, {
      env: env as NodeJS.ProcessEnv,
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      // The end says what went wrong; before it stands the progress of the pull.
      stderr = (stderr + text).slice(-64 * 1024);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const failure =
        error.code === 'ENOENT'
          ? new RunFailure({
              phase: 'submit',
              category: 'platform',
              message: 'The docker command is not installed on the machine of the agent, or not in its PATH.',
            })
          : error.code === 'E2BIG'
            ? new RunFailure({
                phase: 'submit',
                category: 'config',
                message: 'Arguments and environment are too large for this machine.',
              })
            : error;
      reject(failure);
    });
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

const PULL_FAILED =
  /pull access denied|manifest( for .*)? (unknown|not found)|repository .* not found|no matching manifest|unauthorized: |no basic auth|denied: |toomanyrequests|error (pulling|getting) |failed to resolve reference|registry-1\.docker\.io|Get "?https?:\/\/[^ ]*\/v2\//i;

function createFailure(stderr: string, image: string): RunFailure {
  const words = dockerWords(stderr);
  if (/no such image|unable to find image/i.test(stderr) || PULL_FAILED.test(stderr)) {
    const message = `The image ${image} could not be had: ${words}. Check its name, and that this machine may pull it (docker login).`;
    return new RunFailure({ phase: 'submit', category: 'image-pull', message });
  }
  return new RunFailure({
    phase: 'submit',
    category: 'config',
    message: `docker refused the container: ${words}`,
  });
}

/** Docker's own message without progress, hints at `--help`, and prefix. */
function dockerWords(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replace(/^(docker:|Error response from daemon:)\s*/gi, '')
        .replace(/^Error response from daemon:\s*/i, '')
        .trim(),
    )
    .filter(
      (line) =>
        line !== '' &&
        !/^(see 'docker .*--help'|run 'docker .*--help'|unable to find image|usage:)/i.test(line),
    )
    .filter((line) => !/^([0-9a-f]{12}: |\S+: Pulling from |Digest: |Status: )/.test(line));
  return lines.join(' ').slice(-MAX_MESSAGE_CHARACTERS).replace(/\.$/, '') || 'it gave no reason';
}
