import { analyzeConfig } from '@/core/templates';
import type { ParseAnswer, ParseRequest } from '@/core/wire';

/** *Parse configuration*: placeholders, macros, tiles and problems of a text that is not saved yet. */
export function parseQueueConfig(input: ParseRequest): ParseAnswer {
  const { placeholders, macros, problems, templates } = analyzeConfig(input);
  return { placeholders, macros, problems, templates };
}
