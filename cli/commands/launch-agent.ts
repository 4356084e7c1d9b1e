import { Option, type Command } from 'commander';
import type { GlobalOptions } from '../lib/context';
import { collect, wholeNumber } from '../lib/parse';

interface LaunchAgentOptions extends GlobalOptions {
  queue?: string[];
  maxJobs?: number;
  config?: string;
  name?: string;
  stateDir?: string;
  drainTimeout?: number;
  logLevel?: 'debug' | 'info' | 'warn' | 'error';
}

export function addLaunchAgent(program: Command): void {
  program
    .command('launch-agent')
    .description('run an agent: lease runs from queues and run them here')
    .option('-q, --queue <queue>', 'queue to serve; may be repeated', collect)
    .option('--max-jobs <n>', 'runs at the same time; -1 is no limit', wholeNumber)
    .option('-c, --config <file>', 'launch-config.yaml; its place is found otherwise')
    .option('--name <name>', 'name of the agent; the host’s name otherwise')
    .option('--state-dir <dir>', 'where it keeps who it is and what it runs')
    .option('--drain-timeout <seconds>', 'how long SIGTERM waits for runs on this host', wholeNumber)
    .addOption(new Option('--log-level <level>', 'what it says').choices(['debug', 'info', 'warn', 'error']))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LaunchAgentOptions>();
      // Loaded only here: the other commands start faster without it.
      const { runAgent } = await import('@/workers/agent');
      process.exitCode = await runAgent({
        ...(options.queue ? { queues: options.queue } : {}),
        ...(options.maxJobs === undefined ? {} : { maxJobs: options.maxJobs }),
        ...(options.entity ? { entity: options.entity } : {}),
        ...(options.config ? { configFile: options.config } : {}),
        ...(options.name ? { name: options.name } : {}),
        ...(options.stateDir ? { stateDir: options.stateDir } : {}),
        ...(options.drainTimeout === undefined ? {} : { drainTimeoutSeconds: options.drainTimeout }),
        ...(options.logLevel ? { logLevel: options.logLevel } : {}),
        json: options.json === true,
      });
    });
}
