import type { TemplateVariable } from '@/core/wire';

/** A value that fits a tile, as a submitter might type it: the default, else the first option, else the least number. */
export function sampleValue(variable: TemplateVariable): string {
  const { default: fallback, options, min, max, type } = variable;
  const number = min ?? (max !== undefined && max < 1 ? max : 1);
  return String(fallback ?? options?.[0] ?? (type === 'string' ? 'example' : number));
}
