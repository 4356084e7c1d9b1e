import { didYouMean, isStorableText } from '@/core/config-tree';
import type { FieldError, TemplateValues, TemplateVariable, TemplateVariables } from '@/core/wire';
import { compilePattern } from './pattern';
import type { CheckedValues, ValuesResult } from './types';

/** Longest text that is held against a pattern, UTF-16 units. */
const MAX_PATTERN_TEXT = 4096;
/** Longest text of a value. */
const MAX_VALUE = 100_000;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Options that a message lists before it only counts them. */
const MAX_LISTED = 20;

/**
 * Checks the values of a launch against the tiles and fills in defaults. Numbers may come as decimal text (the command line sends
 * text only). All errors at once; their paths are `templateValues.NAME`.
 */
export function checkValues(templates: TemplateVariables, values: TemplateValues): ValuesResult {
  const errors: FieldError[] = [];
  const checked: CheckedValues = {};
  const refuse = (name: string, message: string) => errors.push({ path: `templateValues.${name}`, message });
  const names = Object.keys(templates);
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(templates, name)) continue;
    const known = names.length === 0 ? ': this queue has no variables' : `: this queue has ${list(names)}`;
    refuse(
      name.slice(0, 100),
      `There is no variable "${name.slice(0, 100)}"${didYouMean(name, names, known)}.`,
    );
  }
  for (const [name, variable] of Object.entries(templates)) {
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const value = given ?? variable.default;
    if (given === null)
      refuse(name, `A value for "${name}" cannot be null: leave it out to take the default.`);
    else if (value === undefined) refuse(name, `A value for "${name}" is missing, and it has no default.`);
    else {
      const result = checkValue(name, variable, value);
      if (result.ok) checked[name] = result.value;
      else refuse(name, result.message);
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, values: checked };
}

type ValueResult = { ok: true; value: string | number } | { ok: false; message: string };
const wrong = (message: string): ValueResult => ({ ok: false, message });

/** Checks one value, also a default, against its tile. */
export function checkValue(
  name: string,
  variable: TemplateVariable,
  given: string | number | boolean,
): ValueResult {
  if (variable.type === 'string') return checkText(name, variable, given);
  const number = toNumber(name, variable.type, given);
  if (!number.ok) return number;
  const value = Number(number.value);
  const { min, max } = variable;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return wrong(`"${name}" must be ${range(min, max)}, not ${value}.`);
  }
  return isOption(variable, value) ? { ok: true, value } : notAnOption(name, variable, value);
}

function checkText(name: string, variable: TemplateVariable, given: string | number | boolean): ValueResult {
  if (typeof given !== 'string') return wrong(`"${name}" must be a text, not the ${typeof given} ${given}.`);
  if (given.length > MAX_VALUE) return wrong(`"${name}" must be at most ${MAX_VALUE} characters long.`);
  if (!isStorableText(given)) return wrong(`"${name}" holds a NUL character or half of a surrogate pair.`);
  if (!isOption(variable, given)) return notAnOption(name, variable, given);
  if (variable.pattern === undefined || variable.pattern === '') return { ok: true, value: given };
  if (given.length > MAX_PATTERN_TEXT)
    return wrong(`"${name}" must be at most ${MAX_PATTERN_TEXT} characters long.`);
  const compiled = compilePattern(variable.pattern);
  if (!compiled.ok) return wrong(`"${name}" cannot be checked: ${compiled.message}`);
  return compiled.pattern.matches(given)
    ? { ok: true, value: given }
    : wrong(`"${name}" must match the pattern ${variable.pattern} as a whole; ${quote(given)} does not.`);
}

function toNumber(name: string, type: 'integer' | 'float', given: string | number | boolean): ValueResult {
  const what = type === 'integer' ? 'a whole number' : 'a number';
  if (typeof given === 'boolean') return wrong(`"${name}" must be ${what}, not ${given}.`);
  const strict = type === 'integer' ? INTEGER : DECIMAL;
  if (typeof given === 'string' && !strict.test(given)) {
    return wrong(`"${name}" must be ${what} in decimal digits, not ${quote(given)}.`);
  }
  const value = Number(given);
  if (!Number.isFinite(value)) return wrong(`"${name}" must be ${what} that is neither NaN nor infinite.`);
  if (type === 'integer' && !Number.isInteger(value))
    return wrong(`"${name}" must be a whole number, not ${value}.`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && type === 'integer') {
    return wrong(`"${name}" is too large: whole numbers go to ${Number.MAX_SAFE_INTEGER}.`);
  }
  // JSON has no negative zero.
  return { ok: true, value: value === 0 ? 0 : value };
}

function isOption({ options }: TemplateVariable, value: string | number): boolean {
  return options === undefined || options.length === 0 || options.includes(value);
}

function notAnOption(name: string, { options = [] }: TemplateVariable, value: string | number): ValueResult {
  const shown = typeof value === 'string' ? quote(value) : value;
  return wrong(`"${name}" must be one of ${list(options)}, not ${shown}.`);
}

function range(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min !== undefined ? `at least ${min}` : `at most ${max}`;
}

function list(items: readonly (string | number)[]): string {
  const shown = items
    .slice(0, MAX_LISTED)
    .map((item) => (typeof item === 'string' ? quote(item) : String(item)));
  return items.length > shown.length
    ? `${shown.join(', ')} and ${items.length - shown.length} more`
    : shown.join(', ');
}

const quote = (text: string) => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
