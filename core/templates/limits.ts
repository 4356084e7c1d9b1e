/** Nesting of maps and lists, the outermost included. */
export const MAX_DEPTH = 100;
/** Values in a configuration once anchors are followed. */
export const MAX_NODES = 200_000;
/** Values that may come from following anchors; beyond it is taken for a bomb. */
export const MAX_ALIAS_NODES = 20_000;
/** Characters of text that may come from following anchors. */
export const MAX_ALIAS_TEXT = 1024 * 1024;
/** Characters of all paths to all values together: each is named once in the origins of a run. */
export const MAX_PATH_TEXT = 8 * 1024 * 1024;
export const MAX_KEY_LENGTH = 1024;
export const MAX_PLACEHOLDERS = 2000;
export const MAX_MACROS = 2000;
/** Problems that are listed; a text with more is broken as a whole. */
export const MAX_PROBLEMS = 100;
/** Characters of a variable's name, as in the wire schema of tiles. */
export const MAX_VARIABLE_NAME = 64;
