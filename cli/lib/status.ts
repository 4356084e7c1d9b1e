import { formatDuration, say, style } from './output';
import { cutTo, harmless } from './text';

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const EVERY_MS = 120;

export interface StatusLine {
  /** What is going on now. In a terminal a waiting one moves, with the time it has taken. */
  show(words: string, waiting: boolean): void;
  /** Takes the moving line away before something else is written. */
  clear(): void;
}

/** One line on standard error that says what is going on, renewed in its place where a person looks; where not, a line for each change. */
export function createStatus(name: string, stream: NodeJS.WriteStream = process.stderr): StatusLine {
  const moving = stream.isTTY && process.env.TERM !== 'dumb';
  let timer: ReturnType<typeof setInterval> | undefined;
  let last = '';
  let since = Date.now();
  let frame = 0;
  const clear = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    stream.write('\r\u001b[K');
  };
  return {
    clear,
    show: (words, waiting) => {
      if (words === last) return;
      last = words;
      clear();
      if (!moving || !waiting) {
        say(`${style('dim', name, stream)}  ${words}`);
        since = Date.now();
        return;
      }
      const draw = () => {
        const line = `${FRAMES.charAt(frame % FRAMES.length)} ${name}  ${harmless(words)}  ${formatDuration(Date.now() - since)}`;
        stream.write(`\r\u001b[K${cutTo(line, stream.columns - 1)}`);
        frame += 1;
      };
      draw();
      timer = setInterval(draw, EVERY_MS);
      timer.unref();
    },
  };
}
