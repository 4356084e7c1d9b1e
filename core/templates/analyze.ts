import type { Placeholder, TemplateVariable, TemplateVariables } from '@/core/wire';
import { parseConfig } from './parse';
import { checkTemplates } from './tiles';
import type { AnalyzeInput, AnalyzedConfig, CheckInput, ParsedConfig } from './types';

/**
 * *Parse configuration*: what `parseConfig` finds, a tile for each placeholder in the order they appear (settings that are there are
 * kept, tiles of variables that are gone are dropped, new ones get the suggested type), and the problems of those tiles. A text that
 * cannot be read keeps all tiles, so that a slip of the finger loses no settings.
 */
export function analyzeConfig(input: AnalyzeInput): AnalyzedConfig {
  const parsed = parseConfig(input);
  const given = input.templates ?? {};
  const templates = parsed.tree === null ? given : tilesFor(parsed.placeholders, given);
  return { ...parsed, templates, problems: [...parsed.problems, ...tileProblems(parsed, templates)] };
}

/** Everything that speaks against saving a configuration with just these tiles. */
export function checkConfig(input: CheckInput): ParsedConfig {
  const parsed = parseConfig(input);
  return { ...parsed, problems: [...parsed.problems, ...tileProblems(parsed, input.templates)] };
}

const tileProblems = (parsed: ParsedConfig, templates: TemplateVariables) =>
  checkTemplates({ ...parsed, readable: parsed.tree !== null }, templates);

function tilesFor(placeholders: readonly Placeholder[], given: TemplateVariables): TemplateVariables {
  const tiles = new Map<string, TemplateVariable>();
  for (const { name, suggestedType } of placeholders) {
    const before = tiles.get(name);
    const kept = Object.hasOwn(given, name) ? given[name] : undefined;
    // Of several places the one that asks for a number decides: a number can be put into text, not the other way round.
    if (before === undefined) tiles.set(name, kept ?? { type: suggestedType });
    else if (kept === undefined && before.type === 'string') tiles.set(name, { type: suggestedType });
  }
  return Object.fromEntries(tiles);
}
