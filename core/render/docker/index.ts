import { quoteCommand } from '@/core/command';
import { imageProblem } from '@/core/launch-spec';
import { ProblemError } from '@/core/problems';
import type { ConfigProblem, LaunchSpec, Origin, Origins } from '@/core/wire';
import { renderConfig } from '../shared/config';
import { mergeEnv } from '../shared/environment';
import { Problems } from '../shared/problems';
import { IMAGE_PLACEHOLDER } from '../types';
import type { RenderContext, Rendered } from '../types';
import { configOptions, envOption, withValue } from './config-options';
import type { DockerOption } from './config-options';

/** The name of a run's container, by which it is found again. */
export const containerName = (runId: string): string => `slipway-${runId}`;

interface Word {
  text: string;
  origin: Origin;
}

interface DockerCommand {
  options: DockerOption[];
  image: Word;
  /** What stands after the image. */
  args: Word[];
  problems: ConfigProblem[];
}

/** What the agent needs to create the container, made from the same parts as the command line that is shown. */
export interface DockerPlan {
  /** Arguments of `docker create`: without `--rm`, which the agent carries out itself; ends with the image and its arguments. */
  createArgs: string[];
  containerName: string;
  image: string;
  /** Remove the container after its log and exit code were read. */
  removeAfterwards: boolean;
  /** Variables that docker takes from its own environment: those the queue lists by name alone, and secrets. */
  envPassThrough: string[];
}

/**
 * `docker run` as it is sent: first Slipway's own options, then those of the queue in their order, the image, and what the program gets.
 * An entrypoint of the queue stays in front (a wrapper): that of the launch then becomes its first arguments.
 */
export function renderDocker(spec: LaunchSpec, context: RenderContext): Rendered {
  const command = dockerCommand(spec, context);
  const argv: string[] = ['docker', 'run'];
  const origins: Origins = { '/0': 'default', '/1': 'default' };
  const push = (texts: readonly string[], origin: Origin) => {
    for (const text of texts) {
      origins[`/${argv.length}`] = origin;
      argv.push(text);
    }
  };
  for (const option of command.options) push(option.words, option.origin);
  for (const word of [command.image, ...command.args]) push([word.text], word.origin);

  const tail = quoteCommand([command.image, ...command.args].map(({ text }) => text));
  const lines = ['docker run', ...command.options.map(({ words }) => quoteCommand(words)), tail];
  return {
    submission: { kind: 'docker-run', text: lines.join(' \\\n  '), argv, origins },
    problems: command.problems,
  };
}

/**
 * @throws ProblemError `refused` when the run cannot be submitted: no image is known, or the configuration has an error.
 */
export function dockerPlan(spec: LaunchSpec, context: RenderContext): DockerPlan {
  if (context.image === null) throw new ProblemError('refused', 'The run has no image.');
  const { options, image, args, problems } = dockerCommand(spec, context);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    throw new ProblemError(
      'refused',
      error.path === undefined ? error.message : `${error.path}: ${error.message}`,
    );
  }
  const created = options.filter(({ name }) => name !== 'rm');
  return {
    createArgs: [...created.flatMap(({ words }) => words), image.text, ...args.map(({ text }) => text)],
    containerName: containerName(spec.runId),
    image: context.image,
    removeAfterwards: created.length < options.length,
    envPassThrough: created.flatMap(({ env }) => (env !== undefined && env.value === null ? [env.name] : [])),
  };
}

function dockerCommand(spec: LaunchSpec, context: RenderContext): DockerCommand {
  const problems = new Problems();
  const fromConfig = configOptions(spec, renderConfig(spec, context), problems);
  const env = mergeEnv(
    spec,
    context,
    context.image ?? IMAGE_PLACEHOLDER,
    fromConfig.flatMap((option) => option.env ?? []),
    problems,
  );
  const keptEnv = new Set(env.config);
  const queueOptions = fromConfig.filter((option) => option.env === undefined || keptEnv.has(option.env));

  const own = (name: string, value: string): DockerOption => ({
    name,
    words: withValue(name, value),
    origin: 'default',
  });
  const options: DockerOption[] = [own('name', containerName(spec.runId))];
  for (const label of runLabels(spec, context)) options.push(own('label', label));
  for (const entry of env.launch) options.push(envOption('env', entry));
  for (const name of env.secrets) options.push(envOption('env', { name, value: null, origin: 'queue' }));
  for (const entry of env.run) options.push(envOption('env', entry));

  const args: Word[] = [];
  const [program, ...rest] = spec.entrypoint ?? [];
  if (program !== undefined) {
    if (queueOptions.some(({ name }) => name === 'entrypoint')) {
      problems.info('The entrypoint of the queue stays; that of the launch becomes its first arguments.', [
        'entrypoint',
      ]);
      args.push({ text: program, origin: 'launch' });
    } else {
      options.push({ name: 'entrypoint', words: withValue('entrypoint', program), origin: 'launch' });
    }
  }
  for (const text of [...rest, ...spec.args]) args.push({ text, origin: 'launch' });
  options.push(...queueOptions);

  const image = context.image ?? IMAGE_PLACEHOLDER;
  if (context.image === null) problems.info('The image is not known yet: the agent builds it.');
  else {
    const wrong = imageProblem(context.image);
    if (wrong !== null) problems.error(`The image ${wrong}.`);
  }
  const texts = [...options.flatMap(({ words }) => words), ...args.map(({ text }) => text)];
  if (texts.some((text) => text.includes('\0')))
    problems.error('A command line cannot hold a NUL character.');
  return { options, image: { text: image, origin: 'launch' }, args, problems: problems.list };
}

function runLabels(spec: LaunchSpec, context: RenderContext): string[] {
  const labels = [
    `slipway.dev/run-id=${spec.runId}`,
    `slipway.dev/queue=${spec.queue}`,
    `slipway.dev/entity=${spec.entity}`,
  ];
  if (context.agentId !== undefined) labels.push(`slipway.dev/agent=${context.agentId}`);
  return labels;
}
