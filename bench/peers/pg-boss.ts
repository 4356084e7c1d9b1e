import PgBoss from 'pg-boss';

const QUEUE = 'bench';

/** pg-boss on a database of its own in the same PostgreSQL, in this process. */
export class Boss {
  private constructor(private readonly boss: PgBoss) {}

  static async start(connectionString: string): Promise<Boss> {
    const boss = new PgBoss({ connectionString, max: 64, supervise: false, schedule: false });
    await boss.start();
    await boss.createQueue(QUEUE);
    return new Boss(boss);
  }

  send(): Promise<unknown> {
    return this.boss.send(QUEUE, { command: ['true'] });
  }

  clear(): Promise<unknown> {
    return this.boss.purgeQueue(QUEUE);
  }

  stop(): Promise<void> {
    return this.boss.stop({ graceful: false });
  }
}
