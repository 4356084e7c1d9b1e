import { isStorableText } from '@/core/config-tree';
import { refused } from '@/core/problems';
import { checkAllowList, checkConfig } from '@/core/templates';
import type { ConfigTree } from '@/core/templates';
import type { ConfigProblem, ConfigSource, FieldError, ResourceId, TemplateVariables } from '@/core/wire';

/** A configuration that may be saved, with what there is still to say about it. */
export interface CheckedConfig {
  tree: ConfigTree;
  problems: ConfigProblem[];
}

/** Where a problem is, in words of the request: a tile or the text. */
export function toFieldError({ message, line, variable }: ConfigProblem): FieldError {
  const place = line === undefined ? '' : `line ${line}: `;
  return {
    path: variable === undefined ? 'config.source' : `templates.${variable}`,
    message: place + message,
  };
}

/** Checks text and tiles together; anything of severity `error` refuses the save, all of it at once. */
export function checkConfigSave(
  resource: ResourceId,
  config: ConfigSource,
  templates: TemplateVariables,
): CheckedConfig {
  const { tree, problems } = checkConfig({ resource, ...config, templates });
  const errors = problems.filter(({ severity }) => severity === 'error').map(toFieldError);
  if (!isStorableText(config.source)) errors.push({ path: 'config.source', message: NOT_STORABLE });
  for (const [name, variable] of Object.entries(templates)) {
    const texts = [variable.description, variable.default, variable.pattern, ...(variable.options ?? [])];
    if (texts.some((text) => typeof text === 'string' && !isStorableText(text))) {
      errors.push({ path: `templates.${name}`, message: NOT_STORABLE });
    }
  }
  if (errors.length > 0 || tree === null) {
    throw refused(
      'The configuration has errors and was not saved.',
      errors.length > 0 ? errors : [UNREADABLE],
    );
  }
  return { tree, problems };
}

const NOT_STORABLE = 'holds a NUL character or half of a surrogate pair';
const UNREADABLE: FieldError = { path: 'config.source', message: 'cannot be read' };

/** Checks the settings beside the configuration. */
export function checkSettings(input: {
  description?: string | undefined;
  overrideAllow?: string[] | undefined;
}): void {
  const errors = checkAllowList(input.overrideAllow ?? []);
  if (input.description !== undefined && !isStorableText(input.description)) {
    errors.push({ path: 'description', message: NOT_STORABLE });
  }
  if (errors.length > 0) throw refused('The settings have errors and were not saved.', errors);
}
