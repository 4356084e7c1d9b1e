/** A pattern for LIKE and ILIKE that finds `text` anywhere; its own wildcards mean themselves. */
export const containing = (text: string): string =>
  `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
