import type { CreateJobVersion, Job, JobSource, JsonObject } from '@/core/wire';
import { quoteCommand } from '@/core/command';

/** The form of a job version as it is typed. */
export interface JobForm {
  kind: JobSource['type'];
  name: string;
  description: string;
  image: string;
  repository: string;
  ref: string;
  directory: string;
  dockerfile: string;
  pythonVersion: string;
  entrypoint: string;
  /** JSON object, or empty. */
  inputSchema: string;
  /** Separated by commas. */
  aliases: string;
}

export const EMPTY_JOB: JobForm = {
  kind: 'git',
  name: '',
  description: '',
  image: '',
  repository: '',
  ref: '',
  directory: '',
  dockerfile: '',
  pythonVersion: '',
  entrypoint: '',
  inputSchema: '',
  aliases: '',
};

/** The form of the next version, filled in from the newest one. */
export function formFromJob({ name, latest }: Job): JobForm {
  const { source } = latest;
  const built = source.type === 'image' ? null : source;
  return {
    ...EMPTY_JOB,
    name,
    kind: source.type,
    image: source.type === 'image' ? source.image : '',
    repository: source.type === 'git' ? source.repository : '',
    ref: source.type === 'git' ? (source.ref ?? '') : '',
    directory: built?.directory ?? '',
    dockerfile: built?.dockerfile ?? '',
    pythonVersion: built?.pythonVersion ?? '',
    entrypoint: latest.entrypoint.length === 0 ? '' : quoteCommand(latest.entrypoint),
    inputSchema: latest.inputSchema === null ? '' : JSON.stringify(latest.inputSchema, null, 2),
  };
}

/** What the form asks the server to keep; the schema is text that `readSchema` has read. Code comes by the command line only. */
export function toVersion(form: JobForm, inputSchema: JsonObject | undefined): CreateJobVersion {
  const given = (name: 'ref' | 'directory' | 'dockerfile' | 'pythonVersion') => {
    const text = form[name].trim();
    return text === '' ? {} : { [name]: text };
  };
  const source: JobSource =
    form.kind === 'image'
      ? { type: 'image', image: form.image.trim() }
      : {
          type: 'git',
          repository: form.repository.trim(),
          ...given('ref'),
          ...given('directory'),
          ...given('dockerfile'),
          ...given('pythonVersion'),
        };
  return {
    source,
    ...(form.entrypoint.trim() === '' ? {} : { entrypoint: form.entrypoint.trim() }),
    ...(inputSchema === undefined ? {} : { inputSchema }),
    aliases: form.aliases
      .split(',')
      .map((alias) => alias.trim())
      .filter((alias) => alias !== ''),
  };
}

/** The schema of the form, or why it is none. */
export function readSchema(text: string): { schema: JsonObject | undefined } | { error: string } {
  if (text.trim() === '') return { schema: undefined };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { schema: value as JsonObject };
    return { error: 'This must be a JSON object: {"type": "object", …}.' };
  } catch (error) {
    return { error: `This is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.` };
  }
}

/** What makes a job of a directory, on the command line. Names hold nothing that a shell would read. */
export const codeCommand = (entity: string, name: string): string =>
  `npx slipway job create code ${name.trim() === '' ? 'NAME' : name.trim()} . \\\n  -e ${entity} --entry-point "python train.py"`;
