import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Viewer } from '@/core/wire';
import { Client } from '../lib/client';
import { storeCredentials, trimUrl } from '../lib/credentials';
import { UsageError } from '../lib/errors';
import { readText } from '../lib/parse';
import { answer } from '../lib/context';
import { printLine } from '../lib/output';
import type { GlobalOptions } from '../lib/context';

/** Reads one line without showing it. */
async function askHidden(question: string): Promise<string> {
  if (!process.stdin.isTTY) return readText('-').trim();
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  process.stderr.write(question);
  // What is typed must not be echoed: readline writes through this method.
  (terminal as unknown as { _writeToOutput: () => void })._writeToOutput = () => undefined;
  try {
    return (await terminal.question('')).trim();
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('check an API key and keep it for this host')
    .requiredOption('--host <url>', 'address of the Slipway server')
    .option('--key <key>', 'API key; asked for (or read from standard input) when left out')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ host: string; key?: string } & GlobalOptions>();
      if (!/^https?:\/\//.test(options.host))
        throw new UsageError('--host must begin with http:// or https://');
      const baseUrl = trimUrl(options.host);
      const apiKey =
        options.key ??
        process.env.SLIPWAY_API_KEY ??
        (await askHidden(`API key (make one at ${baseUrl}/account): `));
      if (!apiKey) throw new UsageError('No key was given.');
      const viewer = await new Client({ baseUrl, apiKey }).get<Viewer>('/api/v1/viewer');
      const file = await storeCredentials({ baseUrl, apiKey });
      answer(options.json === true, { baseUrl, user: viewer.user, file }, () => {
        printLine(
          `Signed in to ${baseUrl} as ${viewer.user.name} <${viewer.user.email}>. The key is kept in ${file}.`,
        );
      });
    });
}
