import { Option, type Command } from 'commander';
import type { GlobalOptions } from '../lib/context';
import { printJson, printTable, say, style } from '../lib/output';
import { collect, wholeNumber } from '../lib/parse';
import type { AgentFlags } from '@/workers/agent/config';

interface LaunchAgentOptions extends GlobalOptions {
  queue?: string[];
  maxJobs?: number;
  config?: string;
  name?: string;
  stateDir?: string;
  drainTimeout?: number;
  check?: boolean;
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
    .option('--check', 'try everything that the configuration needs, print what is missing, and end')
    .addOption(new Option('--log-level <level>', 'what it says').choices(['debug', 'info', 'warn', 'error']))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LaunchAgentOptions>();
      const flags = {
        ...(options.queue ? { queues: options.queue } : {}),
        ...(options.maxJobs === undefined ? {} : { maxJobs: options.maxJobs }),
        ...(options.entity ? { entity: options.entity } : {}),
        ...(options.config ? { configFile: options.config } : {}),
        ...(options.name ? { name: options.name } : {}),
        ...(options.stateDir ? { stateDir: options.stateDir } : {}),
        ...(options.drainTimeout === undefined ? {} : { drainTimeoutSeconds: options.drainTimeout }),
      };
      if (options.check) {
        process.exitCode = await printChecks(flags, options.json === true);
        return;
      }
      // Loaded only here: the other commands start faster without it.
      const { runAgent } = await import('@/workers/agent');
      process.exitCode = await runAgent({
        ...flags,
        ...(options.logLevel ? { logLevel: options.logLevel } : {}),
        json: options.json === true,
      });
    });
}

const RESULT_STYLE = { ok: 'green', failed: 'red', skipped: 'dim' } as const;

/** @returns exit code: 1 when a check failed, 2 when the configuration cannot be right */
async function printChecks(flags: AgentFlags, json: boolean): Promise<number> {
  const { checkAgent } = await import('@/workers/agent/check');
  const { AgentUsageError } = await import('@/workers/agent/config');
  try {
    const checks = await checkAgent(flags);
    const ok = checks.every(({ result }) => result !== 'failed');
    if (json) printJson({ ok, checks });
    else {
      printTable(
        ['CHECK', 'RESULT', 'DETAIL'],
        checks.map(({ check, result, detail }) => [check, style(RESULT_STYLE[result], result), detail]),
      );
    }
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof AgentUsageError)) throw error;
    if (json)
      printJson({ ok: false, checks: [{ check: 'configuration', result: 'failed', detail: error.message }] });
    else say(error.message);
    return 2;
  }
}
