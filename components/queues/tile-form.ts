import type { TemplateVariable, VariableType } from '@/core/wire';

/** A tile as it is typed: numbers are texts, so that nothing typed gets lost on the way to a number. */
export interface TileForm {
  type: VariableType;
  description: string;
  /** Empty: no default. */
  default: string;
  min: string;
  max: string;
  options: string[];
  pattern: string;
}
export type TileField = keyof TileForm;

export const toTileForm = (variable: TemplateVariable): TileForm => ({
  type: variable.type,
  description: variable.description ?? '',
  default: variable.default === undefined ? '' : String(variable.default),
  min: variable.min === undefined ? '' : String(variable.min),
  max: variable.max === undefined ? '' : String(variable.max),
  options: (variable.options ?? []).map(String),
  pattern: variable.pattern ?? '',
});

export interface TileResult {
  variable: TemplateVariable;
  /** Texts that are no numbers. Everything else is judged by `core/templates`. */
  errors: Partial<Record<TileField, string>>;
}

/** The variable a tile stands for. Settings that do not belong to its type are kept in the form but left out here. */
export function toVariable(form: TileForm): TileResult {
  const errors: TileResult['errors'] = {};
  const variable: TemplateVariable = { type: form.type };
  if (form.description !== '') variable.description = form.description;
  if (form.type === 'string') {
    if (form.default !== '') variable.default = form.default;
    if (form.options.length > 0) variable.options = form.options;
    if (form.pattern !== '') variable.pattern = form.pattern;
    return { variable, errors };
  }
  const number = (field: TileField, text: string): number | undefined => {
    if (text.trim() === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    errors[field] = `${JSON.stringify(text.trim())} is not a number.`;
    return undefined;
  };
  for (const field of ['default', 'min', 'max'] as const) {
    const value = number(field, form[field]);
    if (value !== undefined) variable[field] = value;
  }
  const options = form.options
    .map((option) => number('options', option))
    .filter((option) => option !== undefined);
  if (options.length > 0) variable.options = options;
  return { variable, errors };
}
