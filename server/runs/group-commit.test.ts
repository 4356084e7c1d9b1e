import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit';

/** A flush that ends when the test says so. */
function manual() {
  const flushes: { requests: number[]; finish: (error?: Error) => void }[] = [];
  const flush = (requests: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      flushes.push({
        requests,
        finish: (error) => (error ? reject(error) : resolve(requests.map((n) => n * 10))),
      });
    });
  return { flush, flushes };
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  it('sends a lone call at once, and gathers what comes while its flush is under way', async () => {
    const { flush, flushes } = manual();
    const group = new GroupCommit<number, number>({ flush });
    const first = group.submit(1);
    await tick();
    const rest = [2, 3, 4].map((n) => group.submit(n));
    await tick();
    expect(flushes.map((f) => f.requests)).toEqual([[1]]);
    flushes[0]?.finish();
    expect(await first).toBe(10);
    await tick();
    expect(flushes[1]?.requests).toEqual([2, 3, 4]);
    flushes[1]?.finish();
    expect(await Promise.all(rest)).toEqual([20, 30, 40]);
  });

  it('begins a flush beside another one when there is enough for it, up to its concurrency', async () => {
    const { flush, flushes } = manual();
    const group = new GroupCommit<number, number>({ flush, company: 3 });
    const submit = async (...requests: number[]) => {
      const answers = requests.map((n) => group.submit(n));
      await tick();
      return answers;
    };
    const answers = [
      ...(await submit(1)),
      ...(await submit(2, 3)),
      ...(await submit(4)),
      ...(await submit(5, 6, 7)),
    ];
    expect(flushes.map((f) => f.requests)).toEqual([[1], [2, 3, 4]]);
    flushes[1]?.finish();
    await tick();
    expect(flushes[2]?.requests).toEqual([5, 6, 7]);
    for (const { finish } of flushes) finish();
    await Promise.all(answers);
  });

  it('keeps within the weight of a flush, but lets one heavy request pass alone', async () => {
    const { flush, flushes } = manual();
    const group = new GroupCommit<number, number>({
      flush,
      weigh: (n) => n,
      maxWeight: 10,
      concurrency: 10,
      company: 0,
    });
    const all = [50, 4, 6, 1].map((n) => group.submit(n));
    await tick();
    expect(flushes.map((f) => f.requests)).toEqual([[50], [4, 6], [1]]);
    for (const { finish } of flushes) finish();
    await Promise.all(all);
  });

  it('fails only the caller whose request is refused', async () => {
    const group = new GroupCommit<number, number>({
      splitOn: () => true,
      flush: (requests) =>
        requests.includes(13) ? Promise.reject(new Error('unlucky')) : Promise.resolve(requests),
    });
    const results = await Promise.allSettled([12, 13, 14].map((n) => group.submit(n)));
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails every caller of a flush that cannot be split, and goes on with the next', async () => {
    let away = true;
    const group = new GroupCommit<number, number>({
      flush: (requests) => (away ? Promise.reject(new Error('away')) : Promise.resolve(requests)),
    });
    const results = await Promise.allSettled([group.submit(1), group.submit(2)]);
    expect(results.every((r) => r.status === 'rejected')).toBe(true);
    away = false;
    expect(await group.submit(3)).toBe(3);
  });
});
