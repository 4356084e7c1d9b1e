import type { Command } from 'commander';
import { Client } from './client';
import { findCredentials } from './credentials';
import { printJson } from './output';

/** Options that every command has. */
export interface GlobalOptions {
  json?: boolean;
  entity?: string;
}

export interface Context<T> {
  client: Client;
  options: T & GlobalOptions;
  json: boolean;
}

/** Client and options of a command in its action. */
export function contextOf<T>(command: Command): Context<T> {
  const options = command.optsWithGlobals<T & GlobalOptions>();
  return { client: new Client(findCredentials()), options, json: options.json === true };
}

/** Prints `value` as JSON with `--json`, else lets `render` say it to a person. */
export function answer<T>(json: boolean, value: T, render: (value: T) => void): void {
  if (json) printJson(value);
  else render(value);
}
