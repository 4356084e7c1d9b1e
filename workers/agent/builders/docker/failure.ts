import type { Failure } from '@/core/wire';
import { RunFailure } from '../../runners/types';
import type { CommandResult } from '../../support/command';
import { diskFull } from '../disk-full';
import type { BuildContext } from '../types';

const MAX_WORDS = 1500;
const ENGINE_AWAY = /cannot connect to the docker daemon|is the docker daemon running|error during connect/i;
const BASE_IMAGE =
  /pull access denied|manifest (for .* )?(unknown|not found)|repository .* (does not exist|not found)|failed to resolve source metadata|no matching manifest|toomanyrequests|error pulling|get "?https?:\/\/[^ ]*\/v2\//i;

/** Why `docker build` failed: the instruction and line of the Dockerfile, and what the builder said of it. */
export function buildFailure({ code, stdout, stderr }: CommandResult, context: BuildContext): RunFailure {
  const words = lastWords(stderr) || lastWords(stdout);
  const failed = (category: Failure['category'], message: string) =>
    new RunFailure({ phase: 'build', category, message });
  if (ENGINE_AWAY.test(words))
    return failed('platform', `No Docker engine answers on the machine of the agent: ${words}`);
  if (code === null) return failed('platform', 'The docker command was killed while it built the image.');
  const place = failingPlace(stdout, stderr, context);
  const full = diskFull(stderr, stdout);
  if (full !== null)
    return failed(
      'platform',
      `The disk of the Docker engine is full${place}: ${asSentence(full.slice(-MAX_WORDS))} Make room (docker system prune), then launch again.`,
    );
  if (BASE_IMAGE.test(words))
    return failed('image-pull', `The base image could not be had${place}: ${words}`);
  return failed('build', `The image could not be built${place}: ${words}`);
}

const NO_REPOSITORY = /name unknown|repository .*(not found|does not exist)/i;
const PUSH_DENIED =
  /\b40[13]\b|denied|unauthorized|no basic auth|authentication required|forbidden|access to the (requested )?resource/i;

/** Why `docker push` failed. */
export function pushFailure({ stdout, stderr }: CommandResult, image: string): RunFailure {
  const words = lastWords(stderr) || lastWords(stdout);
  const { category, advice } = pushAdvice(words);
  return new RunFailure({
    phase: 'build',
    category,
    message: `The image was built and could not be pushed as ${image}: ${asSentence(words)} ${advice}`,
  });
}

function pushAdvice(words: string): { category: Failure['category']; advice: string } {
  if (NO_REPOSITORY.test(words))
    return {
      category: 'config',
      advice: 'Create the repository at the registry, or change builder.destination.',
    };
  if (PUSH_DENIED.test(words))
    return {
      category: 'config',
      advice:
        'Give the account of the agent the right to push there (docker login), or change builder.destination.',
    };
  if (/toomanyrequests/i.test(words))
    return { category: 'quota', advice: 'The registry wants fewer requests. Launch again later.' };
  if (diskFull(words) !== null)
    return {
      category: 'platform',
      advice: 'A disk is full, of the Docker engine or of the registry. Make room, then launch again.',
    };
  return {
    category: 'platform',
    advice:
      'Nothing of it counts as existing. Launch again; if it fails again, look at the registry and at what is between it and the machine of the agent.',
  };
}

/** ` at line 3 of Dockerfile ("RUN false")`, as far as the output tells. */
function failingPlace(stdout: string, stderr: string, { dockerfile, dockerfilePath }: BuildContext): string {
  const lines = dockerfile.split(/\r?\n/);
  const text = (line: number) => lines[line - 1]?.trim() ?? '';
  const at = (line: number) => ` at line ${line} of ${dockerfilePath} (${text(line)})`;
  // BuildKit shows the place in its newer releases, `Dockerfile:3`; both name the line of what they cannot parse.
  const shown =
    /^\S+:(\d+)\s*\n-{4,}/m.exec(stderr)?.[1] ?? /parse error (?:on )?line (\d+)/i.exec(stderr)?.[1];
  if (shown !== undefined && text(Number(shown)) !== '') return at(Number(shown));
  // Without it, and by the classic builder, the step is named.
  const step = (/^ > \[[^\]]*\d+\/\d+\] (.*):$/m.exec(stderr) ??
    [...stdout.matchAll(/^Step \d+\/\d+ : (.*)$/gm)].at(-1))?.[1]?.trim();
  if (step === undefined) return '';
  const line = lines.findIndex((candidate) => sameBeginning(candidate.trim(), step)) + 1;
  return line > 0 ? at(line) : ` at ${step}`;
}

const asSentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);

/** A step is shown with its continuation lines joined. */
const sameBeginning = (line: string, step: string) => {
  const start = line.replace(/\s*\\$/, '');
  return start !== '' && step.startsWith(start);
};

/** The end of an output without progress. */
function lastWords(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replace(/^(ERROR|error): /, '')
        .replace(/^Error response from daemon: /, '')
        .trim(),
    )
    .filter(
      (line) =>
        line !== '' &&
        !/^(DEPRECATED:|Install the buildx|https:\/\/docs\.docker\.com\/go\/buildx|#\d+ |Removing intermediate|---> |[0-9a-f]{12}: |-{4,}|\d+ \|)/.test(
          line,
        ),
    );
  return lines.slice(-3).join(' ').slice(-MAX_WORDS) || 'it gave no reason';
}
