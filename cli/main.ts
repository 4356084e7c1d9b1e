import { CommanderError } from 'commander';
import { EXIT, describeError, exitCodeOf } from './lib/errors';
import { say, style } from './lib/output';
import { createProgram } from './program';

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
