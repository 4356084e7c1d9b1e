import type { ConfigTree } from '@/core/config-tree';
import type {
  ConfigFormat,
  ConfigProblem,
  FieldError,
  Json,
  JsonObject,
  MacroUse,
  Origins,
  ParseAnswer,
  Placeholder,
  ResourceId,
  TemplateValues,
  TemplateVariables,
} from '@/core/wire';

export interface ParseInput {
  resource: ResourceId;
  format: ConfigFormat;
  source: string;
}

/** `tree` is null only when the text cannot be read; then `problems` has an error that says where. */
export interface ParsedConfig {
  tree: ConfigTree | null;
  placeholders: Placeholder[];
  macros: MacroUse[];
  problems: ConfigProblem[];
}

export interface AnalyzeInput extends ParseInput {
  /** Tiles as they are now; those of variables that are gone are dropped from the answer, the others keep their settings. */
  templates?: TemplateVariables;
}
export type AnalyzedConfig = ParseAnswer & { tree: ConfigTree | null };

export interface CheckInput extends ParseInput {
  templates: TemplateVariables;
}

/** Template values after the check: numbers are numbers, defaults are filled in. */
export type CheckedValues = Record<string, string | number>;
export type ValuesResult = { ok: true; values: CheckedValues } | { ok: false; errors: FieldError[] };

export interface ResolveInput {
  resource: ResourceId;
  tree: ConfigTree;
  templates: TemplateVariables;
  values: TemplateValues;
  /** Overrides of the launch, with or without the resource's wrapper. */
  resourceArgs?: JsonObject;
  /** Paths that `resourceArgs` may set, of the configuration without its wrapper. */
  overrideAllow: readonly string[];
}

/** Settings of `builder`, which never reach the resource. */
export interface BuilderSettings {
  acceleratorBaseImage?: string;
}

export type ResolveResult =
  | {
      ok: true;
      /** Without wrapper and without `builder`. */
      config: Json;
      /** JSON pointer into `config` of each leaf → where it comes from. Empty maps and lists count as leaves. */
      origins: Origins;
      builder: BuilderSettings;
    }
  | { ok: false; errors: FieldError[] };
