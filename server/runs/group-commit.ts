/** How a group is carried out. */
export interface GroupCommitOptions<Request, Answer> {
  /** Carries out all requests in one statement or transaction; one answer for each, in their order. */
  flush: (requests: Request[]) => Promise<Answer[]>;
  /** Flushes under way at once; the rest gathers. Two keep the database busy while an answer travels. */
  concurrency?: number;
  /** A flush beside another one begins only with this weight: a few requests are served far cheaper with those still to come. */
  company?: number;
  /** Most requests of one flush. */
  maxRequests?: number;
  /** What a request weighs (rows, bytes) and how much one flush takes; a single heavier request still goes alone. */
  weigh?: (request: Request) => number;
  maxWeight?: number;
  /**
   * Whether a failed flush is tried again with each of its requests alone, so that a request the database refuses fails only its own
   * caller. Say no for errors that would hit every one of them (a database that is away).
   */
  splitOn?: (error: unknown) => boolean;
}

interface Waiting<Request, Answer> {
  request: Request;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: calls that come while a flush is under way gather and share the next one, and with it one round trip and one write of
 * the log to disk; each caller gets its own answer. A call on an idle system goes at once: nothing waits for company.
 */
export class GroupCommit<Request, Answer> {
  readonly #options: Required<GroupCommitOptions<Request, Answer>>;
  #gathered: Waiting<Request, Answer>[] = [];
  #underWay = 0;
  #scheduled = false;
  /** Of all that is gathered. */
  #weight = 0;

  constructor(options: GroupCommitOptions<Request, Answer>) {
    this.#options = {
      concurrency: 2,
      company: 64,
      maxRequests: 500,
      weigh: () => 1,
      maxWeight: Number.POSITIVE_INFINITY,
      splitOn: () => false,
      ...options,
    };
  }

  submit(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#gathered.push({ request, resolve, reject });
      this.#weight += this.#options.weigh(request);
      // Calls of the same tick go together.
      if (this.#scheduled) return;
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        this.#start();
      });
    });
  }

  #start(): void {
    const { concurrency, company } = this.#options;
    while (
      this.#gathered.length > 0 &&
      (this.#underWay === 0 || (this.#underWay < concurrency && this.#weight >= company))
    ) {
      const group = this.#take();
      this.#underWay += 1;
      void this.#run(group).finally(() => {
        this.#underWay -= 1;
        this.#start();
      });
    }
  }

  #take(): Waiting<Request, Answer>[] {
    const { maxRequests, maxWeight, weigh } = this.#options;
    let weight = 0;
    let count = 0;
    for (const { request } of this.#gathered) {
      const more = weigh(request);
      if (count > 0 && (count >= maxRequests || weight + more > maxWeight)) break;
      weight += more;
      count += 1;
    }
    this.#weight -= weight;
    return this.#gathered.splice(0, count);
  }

  /** Never rejects: each caller hears of its own failure. */
  async #run(group: Waiting<Request, Answer>[]): Promise<void> {
    try {
      const answers = await this.#options.flush(group.map(({ request }) => request));
      group.forEach(({ resolve, reject }, index) => {
        if (index in answers) resolve(answers[index] as Answer);
        else reject(new Error('a flush gave fewer answers than it had requests'));
      });
    } catch (error) {
      if (group.length > 1 && this.#options.splitOn(error)) {
        for (const alone of group) await this.#run([alone]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }
}
