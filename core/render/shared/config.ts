import { extendPointer, setOwn, toPointer } from '@/core/config-tree';
import { replaceMacros } from '@/core/macros';
import type { Json, JsonObject, LaunchSpec, Origin, Origins } from '@/core/wire';
import type { RenderContext } from '../types';

export interface RenderedConfig {
  config: Json;
  /** Of each leaf of `config`. */
  origins: Origins;
}

/**
 * The configuration with its macros replaced, in one pass: what is put in is never looked through again. Leaves that a submitter had
 * a say in (template values and overrides) get the macros of the run only. Variables of the agent (`macro_env`) are replaced only
 * where the queue itself wrote `${NAME}`, so that nobody reads them by a template value.
 */
export function renderConfig(spec: LaunchSpec, context: RenderContext): RenderedConfig {
  const ofRun = runMacros(spec, context.image);
  const ofAgent = new Map(Object.entries(context.macroEnv ?? {}));
  const origins: Origins = { ...spec.origins };
  const step = (value: Json, pointer: string): Json => {
    if (Array.isArray(value)) return value.map((item, index) => step(item, `${pointer}/${index}`));
    if (typeof value === 'object' && value !== null) {
      const copy: JsonObject = {};
      for (const [key, item] of Object.entries(value))
        setOwn(copy, key, step(item, extendPointer(pointer, key)));
      return copy;
    }
    if (typeof value !== 'string') return value;
    const submitted = isSubmitted(spec.origins[pointer] ?? 'queue');
    const result = replaceMacros(
      value,
      (name) => ofRun.get(name) ?? (submitted ? undefined : ofAgent.get(name)),
    );
    if (result.replaced.length > 0) origins[pointer] = 'macro';
    return result.value;
  };
  return { config: step(spec.config, ''), origins };
}

/** Whether a submitter had a say in a leaf of the configuration. */
export const isSubmitted = (origin: Origin): boolean => origin === 'template' || origin === 'override';

/** The origin of a leaf as it was resolved, before macros. */
export const resolvedOrigin = (spec: LaunchSpec, keys: readonly string[]): Origin =>
  spec.origins[toPointer(keys)] ?? 'queue';

function runMacros(spec: LaunchSpec, image: string | null): ReadonlyMap<string, string> {
  const macros = new Map([
    ['project_name', spec.project],
    ['entity_name', spec.entity],
    ['run_id', spec.runId],
    ['run_name', spec.runName],
    ['queue_name', spec.queue],
    ['author', spec.author],
  ]);
  if (image !== null) macros.set('image_uri', image);
  return macros;
}
