import type { ConfigProblem, FieldError } from '@/core/wire';

export interface SaveErrors {
  /** By name of the field. */
  fields: Record<string, string>;
  /** Of configuration and tiles: shown in the list of problems. */
  problems: ConfigProblem[];
}

/** What the server refused, sorted to where the page shows it. A message that begins with `line N:` goes to that line. */
export function sortSaveErrors(errors: readonly FieldError[]): SaveErrors {
  const fields: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  for (const { path, message } of errors) {
    const [field = '', second] = path.split('.');
    if (field === 'templates' && second !== undefined)
      problems.push({ severity: 'error', message, variable: second });
    else if (field === 'config' || field === 'templates') {
      const line = /\bline (\d+)/i.exec(message)?.[1];
      problems.push({ severity: 'error', message, ...(line === undefined ? {} : { line: Number(line) }) });
    } else fields[field] ??= message;
  }
  return { fields, problems };
}
