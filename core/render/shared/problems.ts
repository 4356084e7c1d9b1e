import { formatPath } from '@/core/config-tree';
import type { ConfigProblem } from '@/core/wire';

type Severity = ConfigProblem['severity'];

/** Collects what there is to say about a configuration while it is rendered; `keys` is where in the configuration. */
export class Problems {
  readonly list: ConfigProblem[] = [];

  add(severity: Severity, message: string, keys: readonly string[] = []): void {
    const problem = keys.length === 0 ? { severity, message } : { severity, message, path: formatPath(keys) };
    // Several containers may give rise to the same words.
    const said = this.list.some((known) => known.message === message && known.path === problem.path);
    if (!said) this.list.push(problem);
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
