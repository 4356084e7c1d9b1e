import type { Registry } from '../../registries';
import { RunFailure } from '../../runners/types';
import { cliEnvironment } from '../../runners/docker/create';
import { runCommand, type CommandOptions, type CommandResult } from '../../support/command';
import { errorCode } from '../../support/timing';
import type { Builder, BuildRequest } from '../types';
import { buildFailure, pushFailure } from './failure';
import { withRegistryLogin } from './login';

export interface DockerBuilderOptions {
  /** Of the destination, for the credentials of the push; null: nothing is pushed. */
  registry: Registry | null;
}

/**
 * Builds with the engine of this machine, by the `docker` command, so that its builder (BuildKit where it is installed, else the classic
 * one), its configuration, contexts and credentials are those that the operator sees when he builds by hand.
 */
export const createDockerBuilder = ({ registry }: DockerBuilderOptions): Builder => ({
  async build(request) {
    const { image, destination, signal } = request;
    const credentials = destination === null ? null : ((await registry?.login(signal)) ?? null);
    await withRegistryLogin({ image, credentials }, async (variables) => {
      const env = { ...cliEnvironment([], {}), ...variables, BUILDKIT_PROGRESS: 'plain' };
      const built = await docker(buildArguments(request), {
        env,
        input: request.context.tar(),
        output: request.log,
        signal,
      });
      if (built.code !== 0) throw buildFailure(built, request.context);
      if (destination === null) return;
      await request.log(`Pushing ${image}\n`);
      const pushed = await docker(['push', image], { env, output: request.log, signal });
      if (pushed.code !== 0) throw pushFailure(pushed, image);
    });
  },

  async hasLocalImage(image, signal) {
    const { code } = await docker(['image', 'inspect', '--format', '{{.Id}}', image], {
      env: cliEnvironment([], {}),
      signal,
    });
    return code === 0;
  },
});

const buildArguments = ({ context, image, platform }: BuildRequest) => [
  'build',
  ...['--file', context.dockerfilePath],
  ...['--tag', image],
  ...(platform === null ? [] : ['--platform', platform]),
  // Of the classic builder: no container is left of a step that failed or was stopped.
  '--force-rm',
  '-',
];

async function docker(args: string[], options: CommandOptions): Promise<CommandResult> {
  try {
    return await runCommand('docker', args, options);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const message = 'The docker command is not installed on the machine of the agent, or not in its PATH.';
    throw new RunFailure({ phase: 'build', category: 'config', message }, { cause: error });
  }
}
