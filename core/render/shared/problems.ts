import { formatPath } from '@/core/config-tree';
import type { ConfigProblem } from '@/core/wire';

type Severity = ConfigProblem['severity'];

/** Collects what there is to say about a configuration while it is rendered; `keys` is where in the configuration. */
export class Problems {
  readonly list: ConfigProblem[] = [];

  add(severity: Severity, message: string, keys: readonly string[] = []): void {
    this.list.push(keys.length === 0 ? { severity, message } : { severity, message, path: formatPath(keys) });
  }
  error(message: string, keys?: readonly string[]): void {
    this.add('error', message, keys);
  }
  warn(message: string, keys?: readonly string[]): void {
    this.add('warning', message, keys);
  }
  info(message: string, keys?: readonly string[]): void {
    this.add('info', message, keys);
  }
}
