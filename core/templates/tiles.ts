import type { ConfigProblem, TemplateVariable, TemplateVariables } from '@/core/wire';
import { compilePattern } from './pattern';
import type { ParsedConfig } from './types';
import { checkValue } from './values';

/** What is wrong with tiles: in themselves, and against the placeholders of the configuration. */
export function checkTemplates(
  parsed: Pick<ParsedConfig, 'placeholders'> & { readable: boolean },
  templates: TemplateVariables,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const used = new Set<string>();
  for (const { name, path, line, column, endColumn } of parsed.placeholders) {
    if (used.has(name)) continue;
    used.add(name);
    if (!Object.hasOwn(templates, name)) {
      const message = `The variable "${name}" has no tile: parse the configuration and say what it may be.`;
      problems.push({
        severity: 'error',
        message,
        line,
        column,
        endLine: line,
        endColumn,
        path,
        variable: name,
      });
    }
  }
  for (const [name, variable] of Object.entries(templates)) {
    for (const message of checkTile(name, variable))
      problems.push({ severity: 'error', message, variable: name });
    // Of a text that cannot be read nobody knows what it uses.
    if (parsed.readable && !used.has(name)) {
      const message = `The variable "${name}" is used nowhere in the configuration.`;
      problems.push({ severity: 'warning', message, variable: name });
    }
  }
  return problems;
}

function checkTile(name: string, variable: TemplateVariable): string[] {
  const errors = variable.type === 'string' ? checkTextTile(variable) : checkNumberTile(variable);
  errors.push(...checkOptions(name, variable));
  if (errors.length > 0 || variable.default === undefined)
    return errors.map((error) => `${error} (variable "${name}")`);
  if (variable.type !== 'string' && typeof variable.default === 'string') {
    return [`The default of "${name}" must be a number without quotes.`];
  }
  const result = checkValue(name, variable, variable.default);
  return result.ok ? [] : [`The default does not fit: ${result.message}`];
}

function checkTextTile(variable: TemplateVariable): string[] {
  const errors: string[] = [];
  if (variable.min !== undefined || variable.max !== undefined)
    errors.push('A text has no minimum or maximum.');
  if (variable.pattern !== undefined && variable.pattern !== '') {
    const compiled = compilePattern(variable.pattern);
    if (!compiled.ok) errors.push(compiled.message);
  }
  return errors;
}

function checkNumberTile(variable: TemplateVariable): string[] {
  const errors: string[] = [];
  const { min, max, type } = variable;
  if (variable.pattern !== undefined && variable.pattern !== '') errors.push('A pattern is for texts only.');
  for (const [what, value] of [
    ['minimum', min],
    ['maximum', max],
  ] as const) {
    if (value === undefined) continue;
    if (!Number.isFinite(value)) errors.push(`The ${what} must be a number.`);
    else if (type === 'integer' && !Number.isSafeInteger(value)) {
      errors.push(`The ${what} of an integer must be a whole number, not ${value}.`);
    }
  }
  if (min !== undefined && max !== undefined && min > max) {
    errors.push(`The minimum ${min} is greater than the maximum ${max}.`);
  }
  return errors;
}

function checkOptions(name: string, variable: TemplateVariable): string[] {
  const errors: string[] = [];
  const seen = new Set<string | number>();
  // Each option has to fit everything else that the tile says.
  const rest: TemplateVariable = { ...variable, options: undefined };
  for (const option of variable.options ?? []) {
    const shown = JSON.stringify(option).slice(0, 100);
    if (seen.has(option)) errors.push(`The option ${shown} is there twice.`);
    seen.add(option);
    if (typeof option === 'string' && variable.type !== 'string') {
      errors.push(`The option ${shown} must be a number without quotes.`);
      continue;
    }
    const result = checkValue(name, rest, option);
    if (!result.ok) errors.push(`The option ${shown} does not fit: ${result.message}`);
  }
  return errors;
}
