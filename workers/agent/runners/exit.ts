import { constants } from 'node:os';
import type { Outcome } from './types';

const SIGNAL_NAMES = new Map<number, string>(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** What an exit code says to a person; codes above 128 are signals by the convention of shells and container engines. */
export function explainExit(exitCode: number, where: 'image' | 'host'): string {
  if (exitCode === 126)
    return 'The command was found but could not be run (exit code 126): is it executable?';
  if (exitCode === 127) {
    return where === 'image'
      ? 'A command was not found (exit code 127): check the entrypoint, and that the image holds the program.'
      : 'A command was not found (exit code 127): check the entrypoint, and PATH on the machine of the agent.';
  }
  const signal = exitCode > 128 ? SIGNAL_NAMES.get(exitCode - 128) : undefined;
  return signal
    ? `The program was ended by ${signal} (exit code ${exitCode}).`
    : `The program ended with exit code ${exitCode}.`;
}

export function exitOutcome(exitCode: number, where: 'image' | 'host'): Outcome {
  if (exitCode === 0) return { result: 'succeeded', exitCode };
  const message = explainExit(exitCode, where);
  return { result: 'failed', failure: { phase: 'run', category: 'user-error', message, exitCode } };
}
