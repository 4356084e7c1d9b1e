import type { ConfigTree } from '@/core/config-tree';
import type { ConfigProblem } from '@/core/wire';

/** A problem of a parsed configuration, before it has a line. */
export interface Finding {
  severity: ConfigProblem['severity'];
  message: string;
  /** The value it is about, by which its line is found. */
  node: ConfigTree | undefined;
  /** Path in the configuration without its wrapper. */
  keys: readonly string[];
}

/** Collects findings; each method takes the message first, then the value and the path to it. */
export class Findings {
  readonly all: Finding[] = [];

  error(message: string, node: ConfigTree | undefined, ...keys: string[]): void {
    this.all.push({ severity: 'error', message, node, keys });
  }

  warning(message: string, node: ConfigTree | undefined, ...keys: string[]): void {
    this.all.push({ severity: 'warning', message, node, keys });
  }
}
