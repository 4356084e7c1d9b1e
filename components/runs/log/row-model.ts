import type { LogOutline } from '@/core/wire';

export interface Phase {
  key: string;
  kind: 'build' | 'run';
  execution: number;
  /** Rows from 0; `to` is the first row after it. */
  from: number;
  to: number;
  startedAt: string;
  endedAt: string;
}
export interface Group {
  key: string;
  kind: 'folded' | 'open' | 'quiet';
  title: string;
  /** Row of its header; `to` is the first row after its last. */
  row: number;
  to: number;
}
/** What stands at one place of the shown list. */
export type Shown =
  | { type: 'phase'; phase: Phase; folded: boolean }
  | { type: 'row'; row: number; group?: Group; folded?: boolean };

interface Segment {
  /** Place of its first entry. */
  at: number;
  /** Rows [from, to); a header of a phase has none. */
  from: number;
  to: number;
  phase?: Phase;
}

/** Which rows of a log are shown, with folded groups and phases left out and a header before each phase. */
export class RowModel {
  readonly count: number;
  readonly #segments: Segment[] = [];
  readonly #groups = new Map<number, Group>();
  readonly #phases: Phase[];
  readonly #folded: (key: string) => boolean;

  /** @param toggled keys of phases and groups that are not as they are by default */
  constructor(total: number, outline: LogOutline | undefined, toggled: ReadonlySet<string>) {
    this.#phases = phasesOf(total, outline);
    for (const group of groupsOf(total, outline, this.#phases)) this.#groups.set(group.row, group);
    const lastGroup = [...this.#groups.values()].at(-1);
    this.#folded = (key) => {
      const group = key.startsWith('g') ? this.#groups.get(Number(key.slice(1))) : undefined;
      // The last one is what happens now: it stays open.
      const byDefault = group !== undefined && group.kind !== 'open' && group !== lastGroup;
      return byDefault !== toggled.has(key);
    };
    let at = 0;
    const add = (from: number, to: number, phase?: Phase) => {
      if (phase === undefined && to <= from) return;
      this.#segments.push({ at, from, to, ...(phase ? { phase } : {}) });
      at += phase ? 1 : to - from;
    };
    const parts: (Pick<Phase, 'from' | 'to'> & { phase?: Phase })[] =
      this.#phases.length === 0
        ? [{ from: 0, to: total }]
        : this.#phases.map((phase) => ({ from: phase.from, to: phase.to, phase }));
    for (const { from, to, phase } of parts) {
      if (phase) add(from, from, phase);
      if (phase && this.#folded(phase.key)) continue;
      let next = from;
      for (const group of this.#groups.values()) {
        if (group.row < next || group.row >= to || !this.#folded(group.key)) continue;
        add(next, group.row + 1);
        next = group.to;
      }
      add(next, to);
    }
    this.count = at;
  }

  at(place: number): Shown | undefined {
    const segment = last(this.#segments, (each) => each.at <= place);
    if (!segment || place < 0 || place >= this.count) return undefined;
    const { phase } = segment;
    if (phase) return { type: 'phase', phase, folded: this.#folded(phase.key) };
    const row = segment.from + place - segment.at;
    const group = this.#groups.get(row);
    return group ? { type: 'row', row, group, folded: this.#folded(group.key) } : { type: 'row', row };
  }

  /** Where a row stands; of a hidden one, the place of what hides it. */
  placeOf(row: number): number {
    const segment = last(this.#segments, (each) => each.from <= row);
    if (!segment) return 0;
    if (segment.phase) return segment.at;
    return segment.at + Math.min(row, segment.to - 1) - segment.from;
  }

  /** Keys of what hides a row. */
  hiding(row: number): string[] {
    const inside = ({ from, to }: { from: number; to: number }) => row >= from && row < to;
    return [
      ...this.#phases.filter(inside),
      ...[...this.#groups.values()].filter((group) => inside({ from: group.row + 1, to: group.to })),
    ]
      .map(({ key }) => key)
      .filter(this.#folded);
  }
}

/** Headers only where there is something to tell apart. */
function phasesOf(total: number, outline: LogOutline | undefined): Phase[] {
  const phases = outline?.phases ?? [];
  if (phases.length < 2 && phases[0]?.kind !== 'build') return [];
  return phases.map((phase, index) => ({
    key: `p${phase.firstLine - 1}`,
    kind: phase.kind,
    execution: phase.execution,
    from: phase.firstLine - 1,
    to: Math.min(total, (phases[index + 1]?.firstLine ?? total + 1) - 1),
    startedAt: phase.from,
    endedAt: phase.to,
  }));
}

/** A group ends where the next begins, or its phase ends. */
function groupsOf(total: number, outline: LogOutline | undefined, phases: readonly Phase[]): Group[] {
  const groups = outline?.groups ?? [];
  return groups.map(({ line, kind, title }, index) => {
    const row = line - 1;
    const phaseEnd = phases.find((phase) => row >= phase.from && row < phase.to)?.to ?? total;
    const next = groups[index + 1];
    return { key: `g${row}`, kind, title, row, to: Math.min(phaseEnd, next ? next.line - 1 : total) };
  });
}

/** The last element that passes, of a list whose first ones do. */
function last<T>(list: readonly T[], passes: (each: T) => boolean): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = list[middle];
    if (each !== undefined && passes(each)) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}
