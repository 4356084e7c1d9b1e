import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { median, number, spread } from './stats';

/** One line of the table: what was measured in each round, and what it is compared with. */
export interface Line {
  measure: string;
  unit: string;
  ours: number[];
  peer?: { name: string; values: number[] };
  goal?: {
    text: string;
    /** Of the ratio to the peer where there is one, else of our median. */
    met: (value: number) => boolean;
  };
  note?: string;
}

/** What the goal is judged by: how many times the peer's median, else our own median. */
const judged = ({ ours, peer }: Line): number =>
  peer === undefined ? median(ours) : median(ours) / median(peer.values);

/** Collects lines, prints each as it comes, and writes all of them to `dist/bench/NAME.json` at the end. */
export class Report {
  readonly #lines: Line[] = [];

  constructor(private readonly name: string) {}

  add(line: Line): void {
    this.#lines.push(line);
    const value = judged(line);
    const parts = [
      `${line.measure}: ${spread(line.ours)} ${line.unit}`,
      ...(line.peer ? [`${line.peer.name}: ${spread(line.peer.values)}`, `ratio ${number(value)}`] : []),
      ...(line.goal ? [`goal ${line.goal.text}: ${line.goal.met(value) ? 'met' : 'NOT MET'}`] : []),
      ...(line.note ? [line.note] : []),
    ];
    console.log(parts.join(' | '));
  }

  /** Writes the result for machines and says where. */
  write(root: string): void {
    const file = path.join(root, 'dist/bench', `${this.name}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    const [cpu] = cpus();
    const result = {
      at: new Date().toISOString(),
      node: process.version,
      cpu: `${cpus().length} x ${cpu?.model ?? 'unknown'}`,
      memoryBytes: totalmem(),
      lines: this.#lines.map((line) => ({
        measure: line.measure,
        unit: line.unit,
        ours: line.ours,
        peer: line.peer ?? null,
        value: judged(line),
        goal: line.goal?.text ?? null,
        met: line.goal?.met(judged(line)) ?? null,
        note: line.note ?? null,
      })),
    };
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\nwritten to ${path.relative(root, file)}`);
  }
}
