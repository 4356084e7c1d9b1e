import { formatBytes, say } from './output';

const WIDTH = 24;
/** Time between two drawings, milliseconds. */
const EVERY_MS = 100;

export interface Progress {
  /** How far it is, in bytes. */
  at(done: number, total: number): void;
  /** Takes the bar away and leaves one line that says what was done. */
  end(line: string): void;
  /** Takes the bar away. */
  clear(): void;
}

/** A bar on standard error where a person looks; only the last line where not. */
export function createProgress(what: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) stream.write('\r\u001b[K');
  };
  return {
    at: (done, total) => {
      if (!stream.isTTY || (done < total && Date.now() - drawn < EVERY_MS)) return;
      drawn = Date.now();
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
      stream.write(`\r\u001b[K${what}  ${bar}  ${formatBytes(done)} of ${formatBytes(total)}`);
    },
    end: (line) => {
      clear();
      say(line);
    },
    clear,
  };
}
