/**
 * What takes long with a large configuration: reading it, turning it into the other format, rendering a sample. A page never does it
 * itself; a worker does (`engine.ts`), so that typing stays quick.
 */
import {
  analyzeConfig,
  parseConfig,
  type AnalyzeInput,
  type ConfigTree,
  type ParseInput,
} from '@/core/templates';
import type { ParseAnswer } from '@/core/wire';
import { convertConfig, type ConvertInput, type Converted } from './convert';
import { renderSample, type Sample, type SampleInput } from './sample';

/** What a text holds. Its tree stays where it was read. */
export interface Analysis extends ParseAnswer {
  /** Whether the text can be read; if not, `problems` says where it breaks. */
  readable: boolean;
}
export type SampleTask = Omit<SampleInput, 'tree'> & Pick<AnalyzeInput, 'format' | 'source'>;

/** Each kind of task: what it takes and what it gives. */
export interface Tasks {
  analyze: { input: AnalyzeInput; result: Analysis };
  convert: { input: ConvertInput; result: Converted };
  /** `undefined`: the text cannot be read. */
  sample: { input: SampleTask; result: Sample | undefined };
}
export type TaskName = keyof Tasks;

type Carriers = { [N in TaskName]: (input: Tasks[N]['input']) => Tasks[N]['result'] };

/** The text that was read last: its sample is asked for again with each value that is typed. */
let last: (ParseInput & { tree: ConfigTree | null }) | undefined;

const carriers: Carriers = {
  analyze: (input) => {
    const { tree, ...found } = analyzeConfig(input);
    last = { ...input, tree };
    return { ...found, readable: tree !== null };
  },
  convert: convertConfig,
  sample: ({ format, source, ...input }) => {
    const text = { resource: input.resource, format, source };
    const known = last?.resource === text.resource && last.format === format && last.source === source;
    const tree = known && last !== undefined ? last.tree : parseConfig(text).tree;
    return tree === null ? undefined : renderSample({ ...input, tree });
  },
};

export const carryOut = <N extends TaskName>(name: N, input: Tasks[N]['input']): Tasks[N]['result'] =>
  carriers[name](input);
