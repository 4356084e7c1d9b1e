import { builderSchema, choice, object, text } from './types';

export const processSchema = object('How the process is started on the host of the agent.', {
  cwd: text('Working directory. Without it the run gets an empty directory of its own.'),
  env: object('Environment variables of the process.', {}),
  shell: choice(
    'Run the command by a shell: true for /bin/sh, or the path of one.',
    true,
    false,
    '/bin/bash',
  ),
  builder: builderSchema,
});
