/** Programs for local-process runs; the machine that runs these tests has Node.js for certain. */
const node = (code: string): string[] => [process.execPath, '-e', code];

/** Counts until it is told to end: a line a tenth of a second, `signal` when SIGTERM comes. */
export const COUNTER = node(`
let n = 0;
const timer = setInterval(() => console.log('count ' + (n += 1)), 100);
process.on('SIGTERM', () => { console.log('told to end'); clearInterval(timer); });
`);

/** Says what it was given, then ends. */
export const PRINTER = node(
  `console.log('size ' + process.env.SIZE + ', steps ' + process.env.STEPS); console.log('\\x1b[32mall good\\x1b[0m');`,
);
