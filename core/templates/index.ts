/**
 * Configurations with placeholders: reading them with positions, checking tiles and values, and resolving.
 *
 * - `parseConfig(input: ParseInput): ParsedConfig` reads a text; never throws.
 * - `analyzeConfig(input: AnalyzeInput): AnalyzedConfig` is *Parse configuration*: everything `parseConfig` finds, plus a tile for
 *   each placeholder (kept or suggested) and the problems of those tiles.
 * - `checkConfig(input: CheckInput): ParsedConfig` is for a *save*: also says which placeholder has no tile (error) and which tile is
 *   used nowhere (warning). Refuse the save when `problems` has a severity `error`.
 * - `checkTemplates(parsed, templates): ConfigProblem[]`
 * - `checkValues(templates, values): ValuesResult`
 * - `checkAllowList(overrideAllow): FieldError[]` at save of a queue, `checkOverrides(resourceArgs, overrideAllow, resource?)` at launch.
 * - `resolveConfig(input: ResolveInput): ResolveResult`, all errors at once.
 */
export type * from './types';
export type { ConfigTree } from '@/core/config-tree';
export { analyzeConfig, checkConfig } from './analyze';
export { checkAllowList, checkOverrides } from './overrides';
export { parseConfig } from './parse';
export { resolveConfig } from './resolve';
export { checkTemplates } from './tiles';
export { checkValues } from './values';
