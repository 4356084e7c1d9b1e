import { quoteCommand, splitCommand } from '@/core/command';
import { RESOURCE_INFO } from '@/core/queue-config';
import { ProblemError } from '@/core/problems';
import { checkOverrides, checkValues } from '@/core/templates';
import type {
  FieldError,
  Json,
  JsonObject,
  LaunchInput,
  Priority,
  Queue,
  Run,
  TemplateValues,
} from '@/core/wire';

/** The launch form as it is typed. */
export interface LaunchForm {
  what: 'image' | 'job' | 'command';
  image: string;
  job: string;
  /** Text that is split as a shell splits it; for a command, program and arguments in one. */
  entrypoint: string;
  args: string;
  /** Typed values of template variables; a variable that is not there, or empty, takes its default. */
  values: Record<string, string>;
  priority: Priority;
  name: string;
  project: string;
  /** `KEY=value`, one a line. */
  env: string;
  /** JSON object, or empty. */
  config: string;
  /** Separated by commas. */
  labels: string;
  /** Of the browser's clock, as `datetime-local` writes it; empty: at once. */
  notBefore: string;
  /** JSON object, or empty. */
  resourceArgs: string;
}

export const EMPTY_LAUNCH: LaunchForm = {
  what: 'image',
  image: '',
  job: '',
  entrypoint: '',
  args: '',
  values: {},
  priority: 'medium',
  name: '',
  project: '',
  env: '',
  config: '',
  labels: '',
  notBefore: '',
  resourceArgs: '',
};

/** What a queue of this resource can be given: a process needs no image. */
export const launchKinds = (queue: Pick<Queue, 'resource'> | undefined): LaunchForm['what'][] => [
  queue === undefined ? 'image' : RESOURCE_INFO[queue.resource].takes,
  'job',
];

/** The form filled in from a run, to launch it again; its name and time stay open. */
export function formFromRun(run: Run): LaunchForm {
  const json = (value: JsonObject | null) =>
    value === null || Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
  return {
    ...EMPTY_LAUNCH,
    what: run.job !== null ? 'job' : RESOURCE_INFO[run.resource].takes,
    image: run.job === null ? (run.image ?? '') : '',
    job: run.job === null ? '' : `${run.job.name}:v${run.job.version}`,
    entrypoint: run.entrypoint === null || run.entrypoint.length === 0 ? '' : quoteCommand(run.entrypoint),
    args: quoteCommand(run.args),
    values: Object.fromEntries(
      Object.entries(run.templateValues).map(([name, value]) => [name, String(value)]),
    ),
    priority: run.priority ?? 'medium',
    project: run.project ?? '',
    env: Object.entries(run.env)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    config: json(run.config),
    labels: run.labels.join(', '),
    resourceArgs: json(run.resourceArgs),
  };
}

export interface FormResult {
  launch: LaunchInput;
  /** Paths as the interface names them. */
  errors: FieldError[];
}

/** The launch a form stands for and everything wrong with it. A field that cannot be read is left out of the launch. */
export function toLaunch(form: LaunchForm, queue: Queue): FormResult {
  const errors: FieldError[] = [];
  const launch: LaunchInput = {};
  const read = <T>(path: string, text: string, parse: (text: string) => T): T | undefined => {
    if (text.trim() === '') return undefined;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ProblemError) && !(error instanceof FormatError)) throw error;
      errors.push({ path, message: error.message });
      return undefined;
    }
  };
  const what = launchKinds(queue).includes(form.what) ? form.what : launchKinds(queue)[0];
  if (what === 'image') {
    if (form.image.trim() !== '') launch.image = form.image.trim();
    else errors.push({ path: 'image', message: 'An image is needed, for example python:3.12-slim.' });
  } else if (what === 'job') {
    if (form.job.trim() !== '') launch.job = form.job.trim();
    else errors.push({ path: 'job', message: 'A job is needed.' });
  } else if (form.entrypoint.trim() === '')
    errors.push({ path: 'entrypoint', message: 'A command is needed.' });
  launch.entrypoint = read('entrypoint', form.entrypoint, splitCommand);
  launch.args = read('args', form.args, splitCommand);
  launch.env = read('env', form.env, parseEnv);
  launch.config = read('config', form.config, parseObject);
  launch.notBefore = read('notBefore', form.notBefore, parseTime);
  if (queue.overrideAllow.length > 0)
    launch.resourceArgs = read('resourceArgs', form.resourceArgs, parseObject);
  if (launch.resourceArgs)
    errors.push(...checkOverrides(launch.resourceArgs as JsonObject, queue.overrideAllow, queue.resource));
  if (queue.prioritized) launch.priority = form.priority;
  if (form.name.trim() !== '') launch.name = form.name.trim();
  if (form.project.trim() !== '') launch.project = form.project.trim();
  const labels = form.labels
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
  if (labels.length > 0) launch.labels = labels;
  launch.templateValues = valuesOf(form, queue);
  const checked = checkValues(queue.templates, launch.templateValues);
  if (!checked.ok) errors.push(...checked.errors);
  const given = Object.fromEntries(
    Object.entries(launch).filter(([, value]) => value !== undefined),
  ) as LaunchInput;
  return { launch: given, errors };
}

/** Values of the variables that the queue has; digits of a number variable as a number. */
function valuesOf(form: LaunchForm, queue: Queue): TemplateValues {
  const values: TemplateValues = {};
  for (const [name, variable] of Object.entries(queue.templates)) {
    const typed = form.values[name];
    if (typed === undefined || typed === '') continue;
    const number = Number(typed);
    values[name] =
      variable.type !== 'string' && typed.trim() !== '' && Number.isFinite(number) ? number : typed;
  }
  return values;
}

class FormatError extends Error {}

function parseEnv(text: string): Record<string, string> {
  const env: Record<string, string> = {};
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const at = line.indexOf('=');
    if (at <= 0) throw new FormatError(`Line ${index + 1} must be NAME=value.`);
    env[line.slice(0, at).trim()] = line.slice(at + 1);
  });
  return env;
}

function parseObject(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new FormatError(
      `This is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError('This must be a JSON object: {"key": value}.');
  return value;
}

function parseTime(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new FormatError('This is no date and time.');
  return at.toISOString();
}
