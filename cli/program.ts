import { Command } from 'commander';
import { addAgent } from './commands/agent';
import { addJob } from './commands/job';
import { addLaunch } from './commands/launch';
import { addLaunchAgent } from './commands/launch-agent';
import { addLogin } from './commands/login';
import { addPeople } from './commands/people';
import { addQueue } from './commands/queue';
import { addRun } from './commands/run';
import { addToken } from './commands/token';

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command('slipway')
    .description('Launch queues for machine learning jobs.')
    .option('-e, --entity <entity>', 'user or team; your own space otherwise (or SLIPWAY_ENTITY)')
    .option('--json', 'answer as JSON')
    .showHelpAfterError('(--help shows what is possible)')
    .addHelpText(
      'after',
      '\nThe server and worker are started by "slipway server" and "slipway worker".\nExit codes: 0 ok, 1 failed, 2 usage, 3 refused by the server, 4 not reachable.',
    );
  for (const add of [
    addLogin,
    addLaunch,
    addQueue,
    addRun,
    addJob,
    addAgent,
    addLaunchAgent,
    addToken,
    addPeople,
  ])
    add(program);
  everywhere(program);
  return program;
}

/** Global options may stand after the command too: `slipway run list --json -e team`. */
function everywhere(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) {
    if (child.commands.length === 0) {
      if (!child.options.some(({ long }) => long === '--entity'))
        child.option('-e, --entity <entity>', 'user or team');
      if (!child.options.some(({ long }) => long === '--json')) child.option('--json', 'answer as JSON');
    }
    everywhere(child);
  }
}
