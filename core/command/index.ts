import { ProblemError } from '@/core/problems';

const BLANK = new Set([' ', '\t', '\n', '\r']);
/** What a backslash escapes inside double quotes (POSIX Shell Command Language 2.2.3); before anything else it stands for itself. */
const ESCAPABLE = new Set(['$', '`', '"', '\\', '\n']);
/** Words made of these only need no quotes in any shell. */
const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Splits a text into words as a POSIX shell does, without a shell: quotes and backslashes work, nothing is expanded (`$HOME`, `*`,
 * `~` and `#` are plain text) and nothing is an operator (`|`, `;` and `&&` are parts of words).
 *
 * @throws ProblemError `refused` when a quote is not closed or the text ends in a lone backslash.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (BLANK.has(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw unclosed('single', at);
      word = (word ?? '') + text.slice(at + 1, end);
      at = end + 1;
    } else if (char === '"') {
      const quoted = readDoubleQuoted(text, at);
      word = (word ?? '') + quoted.value;
      at = quoted.next;
    } else if (char === '\\') {
      if (at + 1 >= text.length) {
        throw new ProblemError('refused', 'The command ends in a lone "\\"; write "\\\\" for a backslash.');
      }
      const next = text.charAt(at + 1);
      // A backslash before a line break joins the lines: both vanish, also between words.
      if (next !== '\n') word = (word ?? '') + next;
      at += 2;
    } else {
      word = (word ?? '') + char;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

function readDoubleQuoted(text: string, start: number): { value: string; next: number } {
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') return { value, next: at + 1 };
    const next = text.charAt(at + 1);
    if (char === '\\' && ESCAPABLE.has(next)) {
      if (next !== '\n') value += next;
      at += 2;
    } else {
      value += char;
      at += 1;
    }
  }
  throw unclosed('double', start);
}

const unclosed = (kind: 'single' | 'double', at: number) =>
  new ProblemError('refused', `The ${kind} quote at character ${at + 1} of the command is not closed.`);

/** One word for display: bare when that is safe in a shell, else in single quotes. */
export const quoteWord = (word: string): string =>
  PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command line that can be pasted into a shell; `splitCommand(quoteCommand(argv))` gives `argv` again. */
export const quoteCommand = (argv: readonly string[]): string => argv.map(quoteWord).join(' ');
