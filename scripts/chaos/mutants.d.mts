export interface Cut {
  file: string;
  find: string;
  replace: string;
}
export const MUTANTS: Record<string, { what: string; cuts: Cut[] }>;
export function mutated(root: string, name: string): Map<string, string>;
export function mutate(root: string, name: string): void;
