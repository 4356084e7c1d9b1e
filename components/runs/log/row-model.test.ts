import { describe, expect, it } from 'vitest';
import type { LogOutline } from '@/core/wire';
import { RowModel } from './row-model';

const outline = (rest: Partial<LogOutline>): LogOutline => ({
  total: 100,
  phases: [],
  groups: [],
  writers: [],
  ...rest,
});
const phase = (kind: 'build' | 'run', firstLine: number) => ({
  kind,
  execution: 1,
  firstLine,
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-01T00:01:00Z',
});
const rows = (model: RowModel) =>
  Array.from({ length: model.count }, (_, place) => {
    const shown = model.at(place);
    return shown?.type === 'phase' ? shown.phase.kind : shown?.row;
  });

describe('RowModel', () => {
  it('is the log itself where nothing divides it', () => {
    const model = new RowModel(3, outline({ phases: [phase('run', 1)] }), new Set());
    expect(rows(model)).toEqual([0, 1, 2]);
    expect(model.placeOf(2)).toBe(2);
    expect(new RowModel(0, undefined, new Set()).count).toBe(0);
  });

  it('puts a header before build and run, and folds them', () => {
    const phases = [phase('build', 1), phase('run', 3)];
    expect(rows(new RowModel(4, outline({ phases }), new Set()))).toEqual(['build', 0, 1, 'run', 2, 3]);
    const folded = new RowModel(4, outline({ phases }), new Set(['p0']));
    expect(rows(folded)).toEqual(['build', 'run', 2, 3]);
    expect(folded.hiding(1)).toEqual(['p0']);
    expect(folded.placeOf(1)).toBe(0);
    expect(folded.placeOf(3)).toBe(3);
  });

  it('folds quiet groups, never the last one, and says what hides a row', () => {
    const groups = [
      { line: 2, kind: 'folded' as const, title: 'Install' },
      { line: 5, kind: 'open' as const, title: 'Train' },
      { line: 7, kind: 'quiet' as const, title: 'Clean up' },
    ];
    const model = new RowModel(9, outline({ groups }), new Set());
    expect(rows(model)).toEqual([0, 1, 4, 5, 6, 7, 8]);
    expect(model.hiding(3)).toEqual(['g1']);
    expect(model.placeOf(3)).toBe(1);
    expect(model.placeOf(4)).toBe(2);
    expect(rows(new RowModel(9, outline({ groups }), new Set(['g1', 'g4'])))).toEqual([
      0, 1, 2, 3, 4, 6, 7, 8,
    ]);
  });
});
