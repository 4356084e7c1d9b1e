import { Logger, makeWorkerUtils, run, type WorkerUtils } from 'graphile-worker';
import type pg from 'pg';

const silent = new Logger(() => () => undefined);
const TASK = 'bench';

/** graphile-worker on a database of its own in the same PostgreSQL, in this process. */
export class Graphile {
  private constructor(
    readonly pool: pg.Pool,
    readonly utils: WorkerUtils,
  ) {}

  static async start(pool: pg.Pool): Promise<Graphile> {
    const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
    await utils.migrate();
    return new Graphile(pool, utils);
  }

  add(): Promise<unknown> {
    return this.utils.addJob(TASK, { command: ['true'] });
  }

  addMany(count: number): Promise<unknown> {
    return this.utils.addJobs(
      Array.from({ length: count }, () => ({ identifier: TASK, payload: { command: ['true'] } })),
    );
  }

  async clear(): Promise<void> {
    await this.pool.query('TRUNCATE graphile_worker._private_jobs');
  }

  /**
   * Works through `count` waiting jobs; jobs a second. `batched`: with a local queue and completions gathered, else its defaults but for
   * the number of jobs at once.
   */
  async work(count: number, concurrentJobs: number, batched: boolean): Promise<number> {
    let left = count;
    let done: () => void = () => undefined;
    const drained = new Promise<void>((resolve) => (done = resolve));
    const begin = performance.now();
    const runner = await run({
      pgPool: this.pool,
      logger: silent,
      noHandleSignals: true,
      taskList: {
        [TASK]: () => {
          left -= 1;
          if (left === 0) done();
        },
      },
      preset: {
        worker: {
          concurrentJobs,
          ...(batched ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {}),
        },
      },
    });
    await drained;
    // The last completions count too: stopping waits for them.
    await runner.stop();
    return count / ((performance.now() - begin) / 1000);
  }

  async stop(): Promise<void> {
    await this.utils.release();
  }
}
