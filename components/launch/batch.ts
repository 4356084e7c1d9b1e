import { MAX_BATCH, PRIORITIES, type FieldError, type LaunchInput, type Queue } from '@/core/wire';
import { isJsonObject, setOwn } from '@/core/config-tree';
import type { JsonObject } from '@/core/wire';
import { toLaunch, type LaunchForm } from './launch-form';

/** A field that varies, and its values as they were typed: one a line. */
export interface Axis {
  /** `values.NAME`, `env.NAME`, `config.KEY` (dotted), `args` or `priority`. */
  field: string;
  text: string;
}
/** One run of a batch. */
export interface BatchRow {
  /** Value of each axis, in the order of the axes. */
  cells: string[];
  launch: LaunchInput;
  errors: FieldError[];
}
export interface Batch {
  rows: BatchRow[];
  /** What keeps the batch as a whole from being sent. */
  problem: string | undefined;
}

/** Values of an axis: the lines that are not empty, each once. */
export const valuesOf = ({ text }: Axis): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

/** What may vary: variables of the queue, arguments, priority, and what the form names of environment and config. */
export function axisFields(form: LaunchForm, queue: Queue): string[] {
  return [
    ...Object.keys(queue.templates).map((name) => `values.${name}`),
    'args',
    ...(queue.prioritized ? ['priority'] : []),
    ...form.env
      .split('\n')
      .flatMap((line) => /^\s*([A-Za-z_]\w*)=/.exec(line)?.[1] ?? [])
      .map((name) => `env.${name}`),
    ...Object.keys(configOf(form)).map((key) => `config.${key}`),
  ];
}

/** Every combination of the values, the last field changing first; the runs are launches of the form with just these fields changed. */
export function batchOf(form: LaunchForm, queue: Queue, axes: readonly Axis[]): Batch {
  const used = axes.filter((axis) => axis.field !== '' && valuesOf(axis).length > 0);
  const count = used.reduce((product, axis) => product * valuesOf(axis).length, 1);
  if (used.length === 0) return { rows: [], problem: 'Choose a field and give its values, one a line.' };
  const wrong = used.find(({ field }) => !isAxis(field, queue));
  if (wrong !== undefined)
    return {
      rows: [],
      problem: `"${wrong.field}" cannot vary: it must be values.NAME of a variable of this queue, env.NAME, config.KEY, args or priority.`,
    };
  const odd = used
    .filter(({ field }) => field === 'priority')
    .flatMap(valuesOf)
    .find((value) => !PRIORITIES.some((priority) => priority === value));
  if (odd !== undefined)
    return { rows: [], problem: `"${odd}" is no priority; they are ${PRIORITIES.join(', ')}.` };
  if (new Set(used.map(({ field }) => field)).size < used.length)
    return { rows: [], problem: 'A field stands there twice; put its values in one list.' };
  if (count > MAX_BATCH)
    return {
      rows: [],
      problem: `These are ${count.toLocaleString('en-US')} combinations; a batch has at most ${MAX_BATCH}.`,
    };
  const combinations = used.reduce<string[][]>(
    (rows, axis) => rows.flatMap((row) => valuesOf(axis).map((value) => [...row, value])),
    [[]],
  );
  const rows = combinations.map((cells, index) => {
    const changed = used.reduce<LaunchForm>(
      (result, { field }, at) => withField(result, field, cells[at] ?? ''),
      form.name.trim() === '' ? form : { ...form, name: `${form.name.trim()}-${index + 1}` },
    );
    return { cells, ...toLaunch(changed, queue) };
  });
  return { rows, problem: undefined };
}

function isAxis(field: string, queue: Queue): boolean {
  if (field === 'args') return true;
  if (field === 'priority') return queue.prioritized;
  const [kind, name] = split(field);
  if (kind === 'values') return Object.hasOwn(queue.templates, name);
  return kind === 'env' ? /^[A-Za-z_]\w*$/.test(name) : kind === 'config' && name !== '';
}

function split(field: string): [kind: string, name: string] {
  const at = field.indexOf('.');
  return at === -1 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
}

function withField(form: LaunchForm, field: string, value: string): LaunchForm {
  const [kind, name] = split(field);
  switch (kind) {
    case 'args':
      return { ...form, args: value };
    case 'priority':
      return { ...form, priority: value as LaunchForm['priority'] };
    case 'values':
      return { ...form, values: { ...form.values, [name]: value } };
    case 'env': {
      const others = form.env.split('\n').filter((line) => !line.trimStart().startsWith(`${name}=`));
      return {
        ...form,
        env: [...others, `${name}=${value}`].filter((line) => line.trim() !== '').join('\n'),
      };
    }
    default:
      return { ...form, config: JSON.stringify(withKey(configOf(form), name.split('.'), value)) };
  }
}

function withKey(config: JsonObject, [key = '', ...rest]: string[], value: string): JsonObject {
  const copy: JsonObject = { ...config };
  const inner = Object.hasOwn(config, key) ? config[key] : undefined;
  setOwn(
    copy,
    key,
    rest.length === 0 ? readValue(value) : withKey(isJsonObject(inner) ? inner : {}, rest, value),
  );
  return copy;
}

/** `0.1`, `true`, `[1, 2]` as JSON means them; everything else is text. */
function readValue(text: string): JsonObject[string] {
  try {
    return JSON.parse(text) as JsonObject[string];
  } catch {
    return text;
  }
}

function configOf(form: LaunchForm): JsonObject {
  const value = form.config.trim() === '' ? {} : readValue(form.config);
  return isJsonObject(value) ? value : {};
}
