import { Script, createContext } from 'node:vm';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ErrorObject } from 'ajv';
import { LRUCache } from 'lru-cache';
import { isJsonObject } from '@/core/config-tree';
import type { FieldError, Json, JsonObject } from '@/core/wire';

/** Largest schema, characters of its JSON; a form of hundreds of fields is far below. */
const MAX_SCHEMA = 64 * 1024;
const MAX_SCHEMA_DEPTH = 32;
const MAX_ERRORS = 50;
/**
 * Longest time to compile a schema or to check one config, milliseconds. Schemas come from users: a pattern or a chain of references
 * may take exponential time, and nothing but a deadline holds for all of them.
 */
const DEADLINE_MS = 500;
/** How long a schema that went over the deadline is not tried again, milliseconds: a batch of launches must not wait for each. */
const SLOW_FOR_MS = 30_000;

type Check = (config: JsonObject) => ErrorObject[];
const compiled = new LRUCache<string, { check: Check } | { problem: string }>({ max: 200 });

const context = createContext(Object.create(null) as object);
const call = new Script('task()');

/** Runs `task` to its end, or gives up after the deadline (also amid a regular expression); then it throws. */
function withDeadline<T>(task: () => T): T {
  Object.assign(context, { task });
  try {
    return call.runInContext(context, { timeout: DEADLINE_MS }) as T;
  } finally {
    Object.assign(context, { task: undefined });
  }
}
const isTimeout = (error: unknown) => (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** What is wrong with an input schema of a job; empty when it can be used. Paths are `inputSchema`. */
export function checkInputSchema(schema: JsonObject): FieldError[] {
  const result = compile(schema);
  return 'problem' in result ? [{ path: 'inputSchema', message: result.problem }] : [];
}

/** What is wrong with the run config by the job's input schema; error paths are `config.…`. Changes nothing in the config. */
export function checkJobInputs(schema: JsonObject | null, config: JsonObject | undefined): FieldError[] {
  if (schema === null) return [];
  const result = compile(schema);
  if ('problem' in result) return [uncheckable(result.problem)];
  try {
    return withDeadline(() => result.check(config ?? {}))
      .slice(0, MAX_ERRORS)
      .map(toFieldError);
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const slow = { problem: 'takes too long to check configs against' };
    compiled.set(JSON.stringify(schema), slow, { ttl: SLOW_FOR_MS });
    return [uncheckable(slow.problem)];
  }
}

const uncheckable = (problem: string): FieldError => ({
  path: 'config',
  message: `cannot be checked: the input schema of the job ${problem}`,
});

function compile(schema: JsonObject): { check: Check } | { problem: string } {
  const text = JSON.stringify(schema);
  if (text.length > MAX_SCHEMA) return { problem: `is larger than ${MAX_SCHEMA / 1024} KiB` };
  const known = compiled.get(text);
  if (known) return known;
  const result = compileFresh(schema);
  compiled.set(text, result);
  return result;
}

function compileFresh(schema: JsonObject): { check: Check } | { problem: string } {
  if (depthOf(schema) > MAX_SCHEMA_DEPTH)
    return { problem: `is nested deeper than ${MAX_SCHEMA_DEPTH} levels` };
  if (schema.$async !== undefined) return { problem: 'must not be asynchronous ($async)' };
  try {
    const ajv = compiler(schema);
    const validate = withDeadline(() => ajv.compile(schema));
    return {
      check: (config) => (validate(config) ? [] : [...(validate.errors ?? [])]),
    };
  } catch (error) {
    if (isTimeout(error)) return { problem: 'takes too long to read' };
    return {
      problem: `is no usable JSON Schema: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown error'}`,
    };
  }
}

/** One for each schema, so that `$id`s of two jobs never meet; draft 2020-12 unless the schema names draft 7. Nothing is fetched. */
function compiler(schema: JsonObject): Ajv | Ajv2020 {
  const draft7 = typeof schema.$schema === 'string' && /draft-0[67]/.test(schema.$schema);
  const options = { strict: false, allErrors: true, validateFormats: true, logger: false as const };
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  addFormats(ajv);
  // Makes the checker of schemas now: that is no fault of this schema, and must not use up its time.
  void ajv.validateSchema({});
  return ajv;
}

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  let depth = 0;
  for (const item of Object.values(value)) depth = Math.max(depth, depthOf(item));
  return depth + 1;
}

function toFieldError(error: ErrorObject): FieldError {
  const keys = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const params = error.params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: Json[];
    allowedValue?: Json;
  };
  if (params.missingProperty !== undefined) return at([...keys, params.missingProperty], 'is required');
  if (params.additionalProperty !== undefined)
    return at([...keys, params.additionalProperty], 'is not an input of this job');
  if (params.allowedValues)
    return at(
      keys,
      `must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`,
    );
  if (isJsonObject(params) && params.allowedValue !== undefined)
    return at(keys, `must be ${JSON.stringify(params.allowedValue)}`);
  return at(keys, error.message ?? 'does not fit the input schema of the job');
}

const at = (keys: string[], message: string): FieldError => ({
  path: ['config', ...keys].join('.'),
  message,
});
