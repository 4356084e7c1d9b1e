import { DOCKER_OPTIONS, DOCKER_RESERVED } from '@/core/queue-config';
import { builderSchema, choice, flag, list, object, text, type Schema } from './types';

/** What the options that queues use most mean; the others are offered by name. */
const KNOWN: Record<string, Schema> = {
  env: list('Environment variables, KEY=value. KEY alone takes the value that the agent has.'),
  volume: text('Bind mount or volume, host:container[:ro]. A list for several.'),
  gpus: choice('GPUs of the container.', 'all', '1', '"device=0,1"'),
  rm: flag('Remove the container when it has ended. The agent does it after it has read log and exit code.'),
  memory: choice('Memory limit with a unit: b, k, m or g.', '4g', '16g'),
  'memory-swap': text('Limit of memory and swap together; -1 for unlimited swap.'),
  cpus: text('Number of CPUs, for example 1.5.'),
  'cpuset-cpus': text('CPUs that the container may use, for example 0-3.'),
  'shm-size': choice(
    'Size of /dev/shm. Data loaders with workers need more than the default of 64m.',
    '2g',
    '8g',
  ),
  network: choice('Network the container joins.', 'bridge', 'host', 'none'),
  ipc: choice('IPC namespace.', 'host', 'private', 'shareable'),
  runtime: choice('Runtime of the container.', 'nvidia', 'runc'),
  user: text('User, as name or uid[:gid].'),
  workdir: text('Working directory in the container.'),
  mount: text('Mount in the long form: type=bind,source=…,target=….'),
  label: list('Labels of the container. Labels that begin with slipway.dev/ are set by Slipway.'),
  entrypoint: text('Program that is started instead of the entrypoint of the image.'),
  privileged: flag('Give the container all capabilities of the host.'),
  'read-only': flag('Mount the root file system read-only.'),
  pull: choice('When the image is pulled.', 'missing', 'always', 'never'),
  platform: choice('Platform of the image.', 'linux/amd64', 'linux/arm64'),
  ulimit: text('Limit of the process, for example memlock=-1.'),
  'cap-add': list('Linux capabilities to add.'),
  'cap-drop': list('Linux capabilities to drop.'),
  device: list('Devices of the host.'),
  tmpfs: text('Temporary file system, for example /tmp:size=1g.'),
  'env-file': text('File on the host of the agent with environment variables.'),
  init: flag('Run a small init process that reaps children and forwards signals.'),
  hostname: text('Host name inside the container.'),
  'add-host': list('Extra lines for /etc/hosts, name:address.'),
  'pids-limit': text('Most processes in the container.'),
};

export const dockerSchema = object(
  'Options of "docker run": a list repeats the option, true makes a flag, false leaves it out.',
  Object.fromEntries([
    ...DOCKER_OPTIONS.filter((option) => !(option in DOCKER_RESERVED)).map((option) => [
      option,
      KNOWN[option] ?? text(`docker run --${option}`),
    ]),
    ['builder', builderSchema],
  ]) as Record<string, Schema>,
);
