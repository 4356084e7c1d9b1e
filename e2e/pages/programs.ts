/**
 * Programs for local-process runs; the machine that runs these tests has Node.js for certain. Runs outlive an agent that is killed at
 * the end of a test, so each ends by itself after two minutes.
 */
const node = (code: string): string[] => [
  process.execPath,
  '-e',
  `setTimeout(() => process.exit(0), 120_000).unref();\n${code}`,
];

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

/** What a training may write, for pictures. */
export const TRAINING = node(`
let step = 0;
console.log('loading ImageNet from /mnt/datasets, ' + process.env.SIZE + ' model');
setInterval(() => {
  step += 1;
  const loss = (2.3 / Math.sqrt(step)).toFixed(4);
  const line = 'epoch ' + Math.ceil(step / 8) + ' step ' + String(step * 250).padStart(6) + '  loss ' + loss + '  1842 images/s';
  console.log(step % 8 === 0 ? line + '\\x1b[32m  checkpoint saved\\x1b[0m' : line);
}, 100);
`);

/** Fails as a training may, with what it has to say about it on stderr. */
export const FAILING = node(`
console.log('epoch 1, loss 2.3012');
console.error('RuntimeError: the loss is not a number (step 250)');
process.exit(3);
`);
