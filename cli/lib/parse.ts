import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { JsonObject } from '@/core/wire';
import { UsageError } from './errors';

/** `key=value` given several times; the value may contain `=`, the last of a key wins. */
export function collectPairs(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" must be NAME=VALUE.`);
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `NAME=VALUE`, or `NAME` alone for the value of this shell. */
export function collectEnv(text: string, previous: Record<string, string> = {}): Record<string, string> {
  if (text.includes('=')) return collectPairs(text, previous);
  const value = process.env[text];
  if (value === undefined)
    throw new InvalidArgumentError(`"${text}" is not set here; give it as ${text}=VALUE.`);
  return { ...previous, [text]: value };
}

export const collect = (text: string, previous: string[] = []): string[] => [...previous, text];

export function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError(`"${text}" must be a whole number.`);
  return Number(text);
}

export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A JSON object from a file, from standard input (`-`), or given on the spot (`{…}`). */
export function readJsonObject(text: string): JsonObject {
  const inline = text.trimStart().startsWith('{');
  const source = inline ? text : readText(text);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new UsageError(
      `${inline ? 'The JSON' : text} is not readable: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${inline ? 'The JSON' : text} must hold a JSON object.`);
  return value as JsonObject;
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time of RFC 3339, or so long ago: `90m`, `24h`, `7d`. */
export function pointInTime(text: string): string {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const at = count === undefined ? Date.parse(text) : Date.now() - Number(count) * (UNITS[unit] ?? 0);
  if (Number.isNaN(at))
    throw new InvalidArgumentError(`"${text}" must be a time such as 2030-01-31T18:00:00Z, or 90m, 24h, 7d.`);
  return new Date(at).toISOString();
}
