import { Command, CommanderError } from 'commander';
import { addAgent } from './commands/agent';
import { addJob } from './commands/job';
import { addLaunch } from './commands/launch';
import { addLaunchAgent } from './commands/launch-agent';
import { addLogin } from './commands/login';
import { addQueue } from './commands/queue';
import { addRun } from './commands/run';
import { addToken } from './commands/token';
import { EXIT, describeError, exitCodeOf } from './lib/errors';
import { say, style } from './lib/output';

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
  for (const add of [addLogin, addLaunch, addQueue, addRun, addJob, addToken, addAgent, addLaunchAgent])
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

async function main(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    say(`${style('red', 'slipway', process.stderr)}  ${describeError(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}

// A reader that has enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});
await main();
