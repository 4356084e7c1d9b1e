import { ProblemError } from '@/core/problems';
import type { Failure, JsonObject, LeasedRun } from '@/core/wire';
import { AgentRequestError, isStale, type AgentClient } from '../client';
import { maskPatterns, maskText, type MaskPatterns } from '../logs/mask';
import { createShipper } from '../logs/shipper';
import {
  RunFailure,
  type Outcome,
  type Patience,
  type PreparedRun,
  type Runner,
  type Watch,
} from '../runners/types';
import type { Journal } from '../state/journal';
import type { AgentLog } from '../support/logger';
import { errorMessage } from '../support/timing';
import { LogPipe } from './log-pipe';
import { PartsReport } from './parts';
import type { ImageStep, RunImage } from './image-step';
import { exitCodeOf, toReport } from './outcome';
import { Reporter } from './reporter';

export interface RunTaskContext {
  client: AgentClient;
  journal: Journal;
  images: ImageStep;
  agent: { id: string; name: string };
  macroEnv: Record<string, string>;
  /** Seconds between SIGTERM and SIGKILL where the queue says nothing. */
  stopGraceSeconds: number;
  /** How long a lease lasts, seconds: tells the server's time from `leaseExpiresAt`, as the agent's own clock does not count. */
  leaseSeconds: number;
  log: AgentLog;
}

/** How long the removal of leftovers waits for a resource that does not answer, milliseconds. */
const CLEAN_UP_MS = 10_000;

/** Least time for the one who adopts a remote run to find out how it stands, milliseconds. */
const ADOPTION_MS = 20_000;

/** Stands for an image that is not looked up. */
const ADOPTED_IMAGE = 'slipway-build:adopted';

/** Why a run is made to end. */
type StopCause = 'requested' | 'start-timeout';

/** Thrown inside a task to end it without a word to the server: the lease is over or the agent leaves. */
class Detached extends Error {}

/**
 * The life of one leased run: image, submission, watching, result. Order that must hold, so that a crash at any point neither loses nor
 * doubles it: leftovers of an earlier execution are removed, then `starting` is reported and accepted, then the job is created; the
 * log is accepted before the result is reported; what is left of the job is removed after the result is accepted.
 */
export class RunTask {
  readonly id: string;
  readonly attempt: number;
  /** Whether the result is being reported: from then on only the answer to that report says whether the lease was still good. */
  private concluding = false;
  private readonly leaving = new AbortController();
  private readonly stopping = new AbortController();
  private stopCause: StopCause | null = null;
  private forced = false;
  /** The stop that is under way: the result waits for what it has to say. */
  private ending: Promise<void> | undefined;
  private submitted: { ref: string; remove: boolean } | null = null;
  private startTimer: NodeJS.Timeout | undefined;
  /** What the platform said last while the run had not started: the likely reason when it never does. */
  private lastWarning = '';
  private running: Promise<void> | null = null;
  private readonly patterns: MaskPatterns;
  private readonly reporter: Reporter;
  private readonly parts: PartsReport;
  /** Made with the first byte of log. */
  private openPipe: LogPipe | null = null;
  /** Where a later agent begins to read the log of the job; there is none while the image is built. */
  private cursorOf: Watch['cursor'] | null = null;
  private readonly log: AgentLog;

  constructor(
    private readonly leased: LeasedRun,
    private readonly runner: Runner | undefined,
    private readonly context: RunTaskContext,
  ) {
    this.id = leased.id;
    this.attempt = leased.attempt;
    this.patterns = maskPatterns(Object.values(leased.secrets));
    this.log = context.log.child({ run: leased.id });
    this.reporter = new Reporter({
      runId: leased.id,
      attempt: leased.attempt,
      client: context.client,
      signal: this.leaving.signal,
      onStop: () => this.stop(),
    });
    this.parts = new PartsReport((data) => this.reporter.report({ data }), this.leaving.signal);
  }

  /** Whether only this machine can look after the run. */
  get hostBound(): boolean {
    return this.runner?.hostBound ?? false;
  }

  /** Whether its lease still has to be renewed. */
  get holdsLease(): boolean {
    return !this.leaving.signal.aborted;
  }

  /** Does the whole of it. Never rejects. */
  run(): Promise<void> {
    this.running ??= this.live().finally(() => clearTimeout(this.startTimer));
    return this.running;
  }

  /** Asks the program to end; the task goes on until it has. */
  stop(cause: StopCause = 'requested'): void {
    if (this.stopCause !== null || this.concluding) return;
    this.stopCause = cause;
    this.log.info(cause === 'requested' ? 'Stopping the run' : 'The run did not start in time; stopping it');
    this.stopping.abort();
    if (this.submitted) this.ending = this.stopJob(this.submitted.ref);
  }

  /** Looks after the run no more and leaves its job as it is. Resolves when nothing of the task goes on. */
  async detach(): Promise<void> {
    this.leaving.abort();
    await this.running;
  }

  /**
   * The server says that the lease is over. Once the result is under way only the answer to that report counts: the lease may be over
   * because the report has arrived.
   */
  async lose(): Promise<boolean> {
    if (this.concluding || this.isLeaving()) return false;
    await this.detach();
    return true;
  }

  private async live(): Promise<void> {
    try {
      const outcome = await this.outcome();
      this.concluding = true;
      await this.conclude(outcome);
    } catch (error) {
      if (error instanceof Detached || this.isLeaving()) {
        this.log.debug('No longer looking after the run');
      } else if (isStale(error)) {
        this.log.warn('The server has given the run to another agent or ended it; its job is left as it is');
      } else {
        this.log.error(`The run cannot be reported on: ${errorMessage(error)}`);
      }
    }
  }

  /** How the run ended; whatever goes wrong on the way to its end is an outcome too. */
  private async outcome(): Promise<Outcome | 'stopped'> {
    try {
      if (this.runner === undefined) {
        const message = `This agent cannot run jobs of the resource ${this.leased.spec.resource}.`;
        throw new RunFailure({ phase: 'agent', category: 'config', message });
      }
      const ended = await this.execute(this.runner);
      return this.afterStop(ended);
    } catch (error) {
      if (this.isLeaving()) throw new Detached();
      // What the server does not take cannot be reported to it either.
      if (error instanceof AgentRequestError) throw error;
      if (this.submitted && !(error instanceof RunFailure)) await this.stopJob(this.submitted.ref);
      if (this.isStopping()) return this.afterStop(null);
      return { result: 'failed', failure: this.toFailure(error) };
    }
  }

  private afterStop(ended: Outcome | null): Outcome | 'stopped' {
    if (this.stopCause === 'start-timeout') {
      const seconds = this.leased.spec.startTimeoutSeconds;
      const message = `The run had not started ${seconds} seconds after it was submitted.${this.lastWarning}`;
      return {
        result: 'failed',
        failure: { phase: 'submit', category: 'start-timeout', message, exitCode: null },
      };
    }
    if (this.stopCause === 'requested' || ended === null) {
      this.exitCode = exitCodeOf(ended);
      return 'stopped';
    }
    return ended;
  }
  private exitCode: number | null = null;
  private isStarted = false;

  private async execute(runner: Runner): Promise<Outcome | null> {
    const adopted = this.leased.adopt ? await this.adopt(runner) : null;
    if (adopted === 'gone') {
      const message = 'The job that was running is no longer there: it was removed from outside.';
      throw new RunFailure({ phase: 'run', category: 'deleted', message });
    }
    if (adopted !== 'found') {
      const ended = await this.submit(runner, { announced: this.leased.adopt }).finally(() =>
        this.clear(() => this.context.images.forget(this.id)),
      );
      if (ended) return null;
    }
    return this.watch(runner);
  }

  /** Looks for the job of an earlier lease. `absent`: it was announced and not created, so it still has to be. */
  private async adopt(runner: Runner): Promise<'found' | 'absent' | 'gone'> {
    const { id, adoption } = this.leased;
    const known = this.context.journal.entries.get(id);
    // What is known by its reference needs no image and no rendering to be found; leftovers of remote resources are their own affair.
    const sure = known !== undefined || (!runner.hostBound && typeof adoption?.externalRef === 'string');
    const prepared = sure ? null : await this.render(runner, this.imageOfAdopted());
    const ref = adoption?.externalRef ?? known?.externalRef ?? prepared?.externalRef ?? '';
    if (adoption?.state !== 'running') this.startClock();
    if (!(await runner.adopt(ref, this.patience(), adoption?.submittedAt)))
      return adoption?.state === 'running' ? 'gone' : 'absent';
    await this.remember(ref, known?.removeAtEnd ?? prepared?.removeAtEnd ?? false);
    await this.reporter.report({ data: { kind: 'adopted', externalRef: ref } });
    this.log.info('Adopted the run', { job: ref });
    return 'found';
  }

  /** Submits; true when a stop came first and nothing is left to watch. `announced`: `starting` was accepted under an earlier lease. */
  private async submit(runner: Runner, { announced }: { announced: boolean }): Promise<boolean> {
    const prepared = await this.render(runner, await this.image(announced));
    if (this.isStopping()) return true;
    this.startClock();
    if (!announced) await runner.discard(prepared.externalRef, this.patience(), this.leased.execution ?? 1);
    const { submission, externalRef } = prepared;
    if (!announced || this.leased.adoption?.externalRef !== externalRef) {
      await this.reporter.report({
        state: 'starting',
        data: { externalRef, submission: submission as unknown as JsonObject },
      });
    }
    await this.context.journal.put({
      id: this.id,
      attempt: this.attempt,
      resource: this.leased.spec.resource,
      externalRef,
      removeAtEnd: prepared.removeAtEnd,
    });
    const patience = this.patience();
    try {
      if (!patience.signal.aborted) await prepared.submit(patience);
    } finally {
      // Given up half-way or just too late: the job may have been created.
      if (this.isStopping()) await this.clear(() => runner.discard(externalRef, this.briefly()));
    }
    if (this.isLeaving()) throw new Detached();
    if (this.isStopping()) return true;
    await this.remember(externalRef, prepared.removeAtEnd);
    this.log.info('Submitted the run', { job: externalRef });
    return false;
  }

  /** Gets the image, by a build if need be. A run that is announced already has left the state `building` behind. */
  private async image(announced: boolean): Promise<RunImage> {
    const found = await this.context.images.imageOf(this.leased.spec, {
      report: async (report) => {
        if (report.state === undefined || !announced) await this.reporter.report(report);
      },
      log: (data) => this.pipe().write('build', typeof data === 'string' ? Buffer.from(data) : data),
      warn: (reason, message) => this.warn(reason, message),
      signal: this.patience().signal,
    });
    await this.openPipe?.flush('build');
    return found;
  }

  /** To find a job, its name is enough, and that follows from the run alone: nothing is built for it. */
  private imageOfAdopted(): RunImage {
    const { image, source } = this.leased.spec;
    return { image: image ?? (source === null ? null : ADOPTED_IMAGE), sourceDirectory: null };
  }

  private async render(runner: Runner, { image, sourceDirectory }: RunImage): Promise<PreparedRun> {
    const { spec, secrets } = this.leased;
    const { agent, macroEnv } = this.context;
    try {
      const prepared = await runner.prepare(
        {
          spec,
          image,
          sourceDirectory,
          secrets,
          macroEnv,
          agentId: agent.id,
          agentName: agent.name,
          execution: this.leased.execution ?? 1,
          stopGraceSeconds: spec.stopGraceSeconds ?? this.context.stopGraceSeconds,
        },
        this.patience(),
      );
      const wrong = prepared.problems.filter(({ severity }) => severity === 'error');
      if (wrong.length > 0) {
        const message = wrong.map(
          (problem) => `${problem.path ? `${problem.path}: ` : ''}${problem.message}`,
        );
        throw new RunFailure({ phase: 'submit', category: 'config', message: message.join(' ') });
      }
      for (const { severity, message } of prepared.problems)
        if (severity === 'warning') this.warn('Config', message);
      return prepared;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      throw new RunFailure({ phase: 'submit', category: 'config', message: error.message }, { cause: error });
    }
  }

  private async remember(ref: string, remove: boolean): Promise<void> {
    this.submitted = { ref, remove };
    await this.context.journal.put({
      id: this.id,
      attempt: this.attempt,
      resource: this.leased.spec.resource,
      externalRef: ref,
      removeAtEnd: remove,
    });
    if (this.isStopping()) this.ending = this.stopJob(ref);
  }

  /** Follows the job to its end, its log to the last byte. */
  private async watch(runner: Runner): Promise<Outcome> {
    const { adoption } = this.leased;
    const ref = this.submitted?.ref ?? '';
    const watch: Watch = runner.watch(ref, {
      cursor: this.leased.adopt ? (adoption?.logCursor ?? null) : null,
      signal: this.leaving.signal,
    });
    this.cursorOf = (consumed) => watch.cursor(consumed);
    const pipe = this.pipe();
    for await (const item of watch.items) {
      if (item.type === 'log') await pipe.write(item.stream, item.data, item.source);
      else if (item.type === 'running') await this.started();
      else if (item.type === 'warning') this.warn(item.reason, item.message);
      else if (item.type === 'held') this.hold(item.held);
      else if (item.type === 'parts') this.parts.set(item.parts, item.url);
      else {
        await pipe.end();
        await this.parts.flush();
        return item.outcome;
      }
      if (this.isLeaving()) break;
    }
    throw new Detached();
  }

  /** The log of the run: of its build, then of its job. */
  private pipe(): LogPipe {
    const { id, attempt, adoption } = this.leased;
    this.openPipe ??= new LogPipe(
      createShipper({
        // A run that was leased before may have a log already.
        offset: adoption?.logOffset ?? (attempt === 1 ? 0 : null),
        attempt,
        send: (request, signal) => this.context.client.appendLog(id, request, { signal }),
        cursor: (consumed) => this.cursorOf?.(consumed),
        log: this.log,
        signal: this.leaving.signal,
      }),
      this.patterns,
    );
    return this.openPipe;
  }

  private async started(): Promise<void> {
    clearTimeout(this.startTimer);
    this.isStarted = true;
    if (this.leased.adoption?.state !== 'running') await this.reporter.report({ state: 'running' });
  }

  /** A job that waits for its turn at the resource is not late; its time to start begins when it is let in. */
  private hold(held: boolean): void {
    if (this.isStarted) return;
    clearTimeout(this.startTimer);
    if (held) return;
    this.startTimer = setTimeout(
      () => this.stop('start-timeout'),
      this.leased.spec.startTimeoutSeconds * 1000,
    );
  }

  /** Reports the result, then frees what the run held. */
  private async conclude(outcome: Outcome | 'stopped'): Promise<void> {
    clearTimeout(this.startTimer);
    await this.ending;
    await this.openPipe?.end();
    const { state, data } = toReport(outcome, { exitCode: this.exitCode, forced: this.forced });
    await this.reporter.report({ state, data });
    this.log.info(`The run ended: ${state}`, {
      exitCode: typeof data['exitCode'] === 'number' ? data['exitCode'] : null,
    });
    const { runner, submitted } = this;
    if (runner && submitted)
      await this.clear(() => runner.release(submitted.ref, submitted.remove, this.briefly()));
    await this.context.journal.remove(this.id);
  }

  /** Waits as long as the run may still start. */
  private patience(): Patience {
    const signal = AbortSignal.any([this.stopping.signal, this.leaving.signal]);
    return {
      signal,
      warn: (reason, message) => this.warn(reason, message),
      held: (held) => this.hold(held),
    };
  }

  private briefly(): Patience {
    return { signal: AbortSignal.timeout(CLEAN_UP_MS) };
  }

  /** Tidying up changes nothing about the result. */
  private async clear(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.log.warn(`What is left of the run could not be removed: ${errorMessage(error)}`);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private isLeaving(): boolean {
    return this.leaving.signal.aborted;
  }

  private async stopJob(ref: string): Promise<void> {
    const grace =
      this.stopCause === 'requested'
        ? (this.leased.spec.stopGraceSeconds ?? this.context.stopGraceSeconds)
        : 0;
    try {
      const result = await this.runner?.stop(ref, grace, { signal: this.leaving.signal });
      this.forced = result?.forced ?? false;
    } catch (error) {
      if (this.isLeaving()) return;
      this.warn('StopFailed', `The run could not be stopped: ${errorMessage(error)}`);
      // A later heartbeat brings the stop again.
      this.stopCause = null;
    }
  }

  /** From the submission on, by the server's time: an adopted run has used up a part of it. */
  private startClock(): void {
    if (this.startTimer) return;
    const { adoption, leaseExpiresAt, spec } = this.leased;
    const now = Date.parse(leaseExpiresAt) - this.context.leaseSeconds * 1000;
    const used = adoption?.submittedAt ? Math.max(0, now - Date.parse(adoption.submittedAt)) : 0;
    // Who adopts first looks whether the job runs by now, or is held back by its resource.
    const least = this.leased.adopt && !this.hostBound ? ADOPTION_MS : 0;
    this.startTimer = setTimeout(
      () => this.stop('start-timeout'),
      Math.max(least, spec.startTimeoutSeconds * 1000 - used),
    );
  }

  private warn(reason: string, message: string): void {
    const text = maskText(message, this.patterns);
    this.log.warn(text);
    if (!this.isStarted && reason !== 'Config') this.lastWarning = ` The last that was said: ${text}`;
    void this.reporter.report({ data: { kind: 'warning', reason, message: text } }).catch(() => undefined);
  }

  private toFailure(error: unknown): Failure {
    if (error instanceof RunFailure)
      return { ...error.failure, message: maskText(error.failure.message, this.patterns) };
    this.log.error(`The run failed inside the agent: ${maskText(errorMessage(error), this.patterns)}`);
    const message = maskText(`The agent met with an error: ${errorMessage(error)}`, this.patterns);
    return { phase: 'agent', category: 'internal', message, exitCode: null };
  }
}
