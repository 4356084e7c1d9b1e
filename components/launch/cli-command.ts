import { quoteCommand } from '@/core/command';
import type { LaunchInput } from '@/core/wire';

/** The `slipway launch` that does the same as the form. */
export function cliCommand(entity: string, queue: string, launch: LaunchInput): string {
  const words = ['slipway', 'launch'];
  const option = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') words.push(`--${name}`, value);
  };
  option('image', launch.image);
  option('job', launch.job);
  words.push('-q', queue, '-e', entity);
  option('project', launch.project);
  option('name', launch.name);
  option('priority', launch.priority);
  for (const [name, value] of Object.entries(launch.templateValues ?? {}))
    option('set-var', `${name}=${String(value)}`);
  if (launch.entrypoint !== undefined)
    option(
      'entry-point',
      typeof launch.entrypoint === 'string' ? launch.entrypoint : quoteCommand(launch.entrypoint),
    );
  // Joined by "=", so that an argument that begins with a dash is not taken for an option.
  for (const arg of launch.args ?? []) words.push(`--arg=${arg}`);
  for (const [name, value] of Object.entries(launch.env ?? {})) option('env', `${name}=${value}`);
  for (const label of launch.labels ?? []) option('label', label);
  option('not-before', launch.notBefore);
  if (launch.resourceArgs !== undefined) option('resource-args', JSON.stringify(launch.resourceArgs));
  const command = quoteCommand(words);
  if (launch.config === undefined) return command;
  return `${command} --config /dev/stdin <<'JSON'\n${JSON.stringify(launch.config, null, 2)}\nJSON`;
}
