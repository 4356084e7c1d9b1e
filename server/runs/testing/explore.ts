/** What a walk through every reachable state has found. */
export interface Exploration {
  states: number;
  /** The steps to the nearest state that must not be, and what is wrong there; null when there is none. */
  violation: { wrong: string; steps: string[] } | null;
}

export interface Machine<S> {
  start: S;
  next: (state: S) => readonly { what: string; world: S }[];
  textOf: (state: S) => string;
  /** What is wrong in a state. */
  wrong: (state: S) => string | null;
  /** Whether everything is done; from every state one like this must still be in reach. */
  done: (state: S) => boolean;
}

/**
 * Walks through every state that a machine can reach, nearest first, each once. Ends at the first that is wrong; else looks back from the
 * states where all is done for those from which none can be reached any more.
 */
export function explore<S>({ start, next, textOf, wrong, done }: Machine<S>): Exploration {
  const seen = new Map<string, number>([[textOf(start), 0]]);
  const came: { from: number; what: string }[] = [{ from: -1, what: '' }];
  const before: number[][] = [[]];
  const good: number[] = [];
  const stepsTo = (index: number): string[] => {
    const steps: string[] = [];
    for (let at = index; at > 0; at = came[at]?.from ?? 0) steps.unshift(came[at]?.what ?? '');
    return steps;
  };
  let level = [{ index: 0, state: start }];
  while (level.length > 0) {
    const following: typeof level = [];
    for (const { index, state } of level) {
      if (done(state)) good.push(index);
      for (const { what, world } of next(state)) {
        const text = textOf(world);
        let to = seen.get(text);
        if (to === undefined) {
          to = seen.size;
          seen.set(text, to);
          came.push({ from: index, what });
          before.push([]);
          const problem = wrong(world);
          if (problem !== null)
            return { states: seen.size, violation: { wrong: problem, steps: stepsTo(to) } };
          following.push({ index: to, state: world });
        }
        before[to]?.push(index);
      }
    }
    level = following;
  }
  const reaches = new Uint8Array(seen.size);
  const open = [...good];
  for (const index of good) reaches[index] = 1;
  for (let index = open.pop(); index !== undefined; index = open.pop())
    for (const from of before[index] ?? [])
      if (!reaches[from]) {
        reaches[from] = 1;
        open.push(from);
      }
  const lost = reaches.indexOf(0);
  return {
    states: seen.size,
    violation: lost < 0 ? null : { wrong: 'from here on it cannot come to an end', steps: stepsTo(lost) },
  };
}
