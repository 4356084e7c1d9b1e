import type { HeartbeatRequest, LeasedRun, RegisteredAgent } from '@/core/wire';
import { isReason, type AgentClient } from '../client';
import type { AgentSettings } from '../config';
import type { ImageStep } from '../run/image-step';
import { RunTask } from '../run/task';
import type { RunnerTable } from '../runners/types';
import type { Journal } from '../state/journal';
import type { AgentLog } from '../support/logger';
import { errorMessage, sleep } from '../support/timing';
import { AGENT_VERSION } from '../support/version';

export interface AgentParts {
  settings: AgentSettings;
  instanceId: string;
  client: AgentClient;
  runners: RunnerTable;
  images: ImageStep;
  journal: Journal;
  log: AgentLog;
}

/** How the process ends. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3 } as const;

/** Longest wait for work in one call, seconds; the server allows 30. */
const LEASE_WAIT_SECONDS = 25;
const LEASE_TIMEOUT_MS = (LEASE_WAIT_SECONDS + 15) * 1000;
/** Runs asked for in one call by an agent without limit. */
const MAX_LEASE = 100;
const GOODBYE_TIMEOUT_MS = 3000;

/**
 * Two loops on their own: leases ask for work as long as there are free slots, heartbeats renew what is in hand and bring back stops and
 * commands. Both only start, stop or let go of run tasks; these do the work. It ends when it may take no more work and has none left,
 * or when it is told to leave: then containers and processes go on, and the next agent of the same state directory adopts them.
 */
export class Agent {
  private readonly tasks = new Map<string, RunTask>();
  /** No new work. */
  private readonly draining = new AbortController();
  /** Ends at once. */
  private readonly leaving = new AbortController();
  private session: RegisteredAgent | null = null;
  private exitCode: number = EXIT.ok;
  private beating: Promise<void> | null = null;
  private registering: Promise<void> | null = null;
  /** Tasks that have begun; leased runs that wait for a slot are not among them. */
  private active = 0;
  private waiting: (() => void)[] = [];
  private sawPause = false;

  constructor(private readonly parts: AgentParts) {}

  /** Lives until it is done; gives the exit code. */
  async run(): Promise<number> {
    await this.register();
    if (this.session !== null) {
      const heartbeats = this.heartbeatLoop();
      await this.leaseLoop();
      await this.emptied();
      this.leaving.abort();
      await Promise.all([heartbeats, ...[...this.tasks.values()].map((task) => task.detach())]);
      await this.sayGoodbye();
    }
    return this.exitCode;
  }

  /** Takes no more work and leaves when what is bound to this machine has ended, at the latest after `timeoutSeconds`. */
  drain(timeoutSeconds: number | null): void {
    if (this.draining.signal.aborted) return;
    this.parts.log.info('Taking no more work', { runs: this.tasks.size });
    this.draining.abort();
    this.changed();
    for (const task of this.tasks.values()) if (!task.hostBound) void task.detach();
    if (timeoutSeconds !== null) {
      void sleep(timeoutSeconds * 1000, this.leaving.signal).then(() => this.leave());
    }
  }

  /** Leaves now; what runs goes on and is adopted after the next start. */
  leave(): void {
    this.draining.abort();
    this.leaving.abort();
    this.changed();
  }

  private end(exitCode: number, message: string): void {
    if (this.exitCode === EXIT.ok) this.parts.log.error(message);
    this.exitCode ||= exitCode;
    this.leave();
  }

  /** What the error of a call with this session, not about one run, means for the agent. False: it has to end. */
  private async outlives(error: unknown, session: number): Promise<boolean> {
    await this.registering;
    // Of a call that was under way while this process registered again.
    if (this.session && this.session.session !== session) return true;
    if (this.leaving.signal.aborted || isReason(error, 'aborted')) return false;
    if (isReason(error, 'unauthorized')) {
      this.end(
        EXIT.refused,
        `The server does not accept the agent's token: ${error.message} The agent ends; its runs go on.`,
      );
      return false;
    }
    if (isReason(error, 'forbidden')) {
      this.end(EXIT.refused, `The server refuses this agent: ${error.message}`);
      return false;
    }
    if (isReason(error, 'superseded')) {
      this.end(
        EXIT.failed,
        'Another process has registered with the instance id of this agent: is a copy of its state directory in use? This one ends; the runs belong to the other.',
      );
      return false;
    }
    if (isReason(error, 'not-found')) {
      this.parts.log.warn('The server does not know this agent any more; registering again');
      await this.letGo();
      await this.register();
      return true;
    }
    this.parts.log.error(`Unexpected answer of the server: ${errorMessage(error)}`);
    await sleep(5000, this.leaving.signal);
    return true;
  }

  /** One at a time: each registration puts the one before out of force, also one of this very process. */
  private register(): Promise<void> {
    this.registering ??= this.registerOnce().finally(() => {
      this.registering = null;
    });
    return this.registering;
  }

  private async registerOnce(): Promise<void> {
    const { settings, instanceId, client, log } = this.parts;
    try {
      const session = await client.register(
        {
          name: settings.name,
          hostname: settings.hostname,
          version: AGENT_VERSION,
          queues: settings.queues,
          maxJobs: settings.maxJobs,
          config: settings.shownConfig,
          instanceId,
        },
        { signal: this.draining.signal },
      );
      if (settings.entity !== undefined && settings.entity !== session.entity) {
        this.end(
          EXIT.usage,
          `The token belongs to the entity ${session.entity}, but the agent is to serve ${settings.entity}. Take a token of that entity, or change "entity".`,
        );
        return;
      }
      this.session = session;
      log.info(`Serving ${settings.queues.join(', ')} of ${session.entity}`, {
        agent: settings.name,
        maxJobs: settings.maxJobs,
      });
      for (const queue of session.unknownQueues) {
        log.warn(`The queue ${queue} does not exist in ${session.entity}, or the token does not cover it`);
      }
    } catch (error) {
      if (isReason(error, 'aborted')) return;
      const refused = isReason(error, 'unauthorized', 'forbidden', 'refused', 'not-found');
      this.end(refused ? EXIT.refused : EXIT.failed, `The agent could not register: ${errorMessage(error)}`);
    }
  }

  // ---------------------------------------------------------------- work

  private async leaseLoop(): Promise<void> {
    // After a restart all that was in hand is asked for at once, also beyond max_jobs: it runs already.
    let toAdopt = this.parts.journal.entries.size;
    while (!this.draining.signal.aborted && this.session) {
      const max = Math.min(MAX_LEASE, Math.max(this.freeSlots(), toAdopt));
      if (max <= 0) {
        await this.change();
        continue;
      }
      const { agentId, session } = this.session;
      const asked = performance.now();
      try {
        const answer = await this.parts.client.lease(
          { agentId, session, max, waitSeconds: LEASE_WAIT_SECONDS },
          { signal: this.draining.signal, timeoutMs: LEASE_TIMEOUT_MS },
        );
        for (const leased of answer.runs) this.begin(leased);
        // What there is to adopt comes first: with less than was asked for, there is no more of it.
        toAdopt = answer.runs.length < max ? 0 : Math.max(0, toAdopt - answer.runs.length);
        if (toAdopt === 0) await this.forgetTheRest();
        if (answer.runs.length === 0 && performance.now() - asked < (LEASE_WAIT_SECONDS - 1) * 1000) {
          // Sent home early: the server has something to say, which a heartbeat brings.
          await this.heartbeat();
          await sleep(200, this.draining.signal);
        }
      } catch (error) {
        if (isReason(error, 'aborted')) return;
        if (!(await this.outlives(error, session))) return;
      }
    }
  }

  private freeSlots(): number {
    const { maxJobs } = this.parts.settings;
    return maxJobs === -1 ? MAX_LEASE : maxJobs - this.tasks.size;
  }

  private begin(leased: LeasedRun): void {
    const { settings, client, journal, images, runners, log } = this.parts;
    if (!this.session) return;
    log.info(leased.adopt ? 'Taking a run up again' : 'Leased a run', {
      run: leased.id,
      queue: leased.spec.queue,
    });
    const before = this.tasks.get(leased.id);
    const task = new RunTask(leased, runners[leased.spec.resource], {
      client,
      journal,
      images,
      agent: { id: this.session.agentId, name: settings.name },
      macroEnv: settings.macroEnv,
      stopGraceSeconds: settings.stopGraceSeconds,
      leaseSeconds: this.session.leaseSeconds,
      log,
    });
    this.tasks.set(task.id, task);
    const life = async () => {
      await before?.lose();
      await before?.run();
      if (leased.adopt || (await this.slot())) {
        this.active += 1;
        await task.run();
        this.active -= 1;
      }
      if (this.tasks.get(task.id) === task) this.tasks.delete(task.id);
      this.changed();
    };
    void life();
  }

  /** Resolves to true when a run may begin: after a restart more may have been leased than max_jobs. False when the agent drains. */
  private async slot(): Promise<boolean> {
    const { maxJobs } = this.parts.settings;
    while (!this.draining.signal.aborted) {
      if (maxJobs === -1 || this.active < maxJobs) return true;
      await this.change();
    }
    return false;
  }

  /** Resolves at the next end of a task, or when the agent begins to drain or leave. */
  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private changed(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Runs of the journal that the server did not give back have ended for it: they are no longer this agent's. */
  private async forgetTheRest(): Promise<void> {
    for (const { id, externalRef } of [...this.parts.journal.entries.values()]) {
      if (this.tasks.has(id)) continue;
      this.parts.log.warn(
        'The server did not give the run back after the start; what is left of it stays as it is',
        {
          run: id,
          job: externalRef,
        },
      );
      await this.parts.journal.remove(id);
    }
  }

  /** Lets go of everything in hand; the server gives it back by leases with `adopt`. */
  private async letGo(): Promise<void> {
    await Promise.all([...this.tasks.values()].map((task) => task.detach()));
  }

  /** Resolves when no task is left, or the agent has to leave. */
  private async emptied(): Promise<void> {
    while (this.tasks.size > 0 && !this.leaving.signal.aborted) {
      await this.change();
    }
    if (this.tasks.size > 0)
      this.parts.log.info('Leaving; what runs goes on and is taken up after the next start', {
        runs: this.tasks.size,
      });
  }

  // ---------------------------------------------------------------- heartbeats

  private async heartbeatLoop(): Promise<void> {
    const left = () => this.leaving.signal.aborted;
    while (!left() && this.session) {
      // A little early and never in step with other agents.
      await sleep(this.session.heartbeatSeconds * 1000 * (0.8 + 0.2 * Math.random()), this.leaving.signal);
      if (!left()) await this.heartbeat();
    }
  }

  /** One at a time: who asks for one while it is under way gets that one. */
  private heartbeat(): Promise<void> {
    this.beating ??= this.beat().finally(() => {
      this.beating = null;
    });
    return this.beating;
  }

  private async beat(): Promise<void> {
    if (!this.session) return;
    const { agentId, session, heartbeatSeconds } = this.session;
    const held = [...this.tasks.values()].filter((task) => task.holdsLease);
    const body: HeartbeatRequest = {
      agentId,
      session,
      runs: held.map(({ id, attempt }) => ({ id, attempt })),
      status: this.draining.signal.aborted ? 'draining' : held.length > 0 ? 'running' : 'polling',
    };
    try {
      const answer = await this.parts.client.heartbeat(body, {
        signal: this.leaving.signal,
        maxTries: 1,
        timeoutMs: Math.max(5000, heartbeatSeconds * 1000),
      });
      const stop = new Set(answer.stop);
      const lost = new Set(answer.lost);
      for (const task of held) {
        if (stop.has(task.id)) task.stop();
        else if (lost.has(task.id)) void this.lose(task);
      }
      if (answer.paused !== this.sawPause) {
        this.sawPause = answer.paused;
        this.parts.log.info(
          answer.paused ? 'The agent is paused: it gets no new work' : 'The agent is no longer paused',
        );
      }
      this.obey(answer.command);
    } catch (error) {
      if (isReason(error, 'aborted', 'unreachable')) return;
      await this.outlives(error, session);
    }
  }

  private async lose(task: RunTask): Promise<void> {
    if (!(await task.lose())) return;
    this.parts.log.warn('The server has taken the run back; its job is left as it is', { run: task.id });
    if (!this.tasks.has(task.id)) await this.parts.journal.remove(task.id);
  }

  private obey(command: 'none' | 'drain' | 'stop'): void {
    if (command === 'none') return;
    if (!this.draining.signal.aborted) this.parts.log.info(`An administrator asks this agent to ${command}`);
    this.drain(null);
    if (command === 'stop') for (const task of this.tasks.values()) if (task.hostBound) task.stop();
  }

  private async sayGoodbye(): Promise<void> {
    if (!this.session || this.exitCode === EXIT.refused) return;
    const { agentId, session } = this.session;
    try {
      await this.parts.client.heartbeat(
        { agentId, session, runs: [], status: 'stopped' },
        { maxTries: 1, timeoutMs: GOODBYE_TIMEOUT_MS },
      );
    } catch (error) {
      this.parts.log.debug(`The server was not told of the end: ${errorMessage(error)}`);
    }
  }
}
