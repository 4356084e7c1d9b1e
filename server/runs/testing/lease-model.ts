import { isFinal } from '@/core/run-state';
import { conflict, ProblemError } from '@/core/problems';
import { retryPolicySchema } from '@/core/wire';
import { adopt, canAdopt, canLease, canRelease, lease, release, renew, report, stop } from './protocol';
import type { ModelRun, ReportedEvent } from './protocol';

/**
 * Two agents, two runs of one queue on a cluster, one server, as a machine whose every next step can be listed. A step is what one of
 * them does at once: a call is carried out and answered, or carried out without its answer arriving (the server dies between commit and
 * answer, the connection breaks), after which the caller repeats it. A frozen agent is one whose step is not the next, for as long as
 * that may be; so every freeze and every late request is among the orders that are walked through.
 */
export interface World {
  runs: ModelRun[];
  /** At the cluster, by run: the job of its name. */
  jobs: (Job | null)[];
  /** How often a job was created for the run. */
  created: number[];
  agents: ModelAgent[];
  /** A run below this place is not looked at first by a lease: what hints.ts knows. */
  floor: number;
  /** How many more bad things may happen. */
  left: Budget;
  /** What has gone wrong. */
  wrong: string | null;
}
export interface Budget {
  /** Leases that run out although their agent lives. */
  slow: number;
  /** Answers that do not arrive. */
  answers: number;
  crashes: number;
  stops: number;
  /** Programs that fail in a way that the queue tries again. */
  failures: number;
  /** Messages of the bus that get lost. */
  messages: number;
}
interface Job {
  execution: number;
  exitCode: number | null;
}
interface Task {
  run: number;
  attempt: number;
  execution: number;
  said: number;
  at: 'leased' | 'cleared' | 'adopting' | 'announced' | 'watching';
}
interface ModelAgent {
  alive: boolean;
  task: Task | null;
}

/** What keeps the protocol right; a test takes one out and sees what goes wrong. */
export interface Guards {
  /** A report of an older attempt is refused. */
  fencing: boolean;
  /** Who adopts looks for the job, and a job is created only if there is none of its name. */
  adoption: boolean;
  /** What is removed before a submission is of an earlier execution. */
  leftovers: boolean;
  /** A lease that finds too little above the floor looks from the beginning. */
  hints: boolean;
}

/** Exit code of a program that the queue starts again. */
const TRY_AGAIN = 75;
const policy = retryPolicySchema.parse({ limit: 9, exitCodes: [TRY_AGAIN], backoffSeconds: 0 });
const GONE = { phase: 'run', category: 'deleted', message: 'it is gone', exitCode: null };
const nameOf = (agent: number) => `agent-${agent}`;

export interface NextStep {
  what: string;
  world: World;
}

/** Everything that can happen next. */
export function next(world: World, guards: Guards): NextStep[] {
  const steps: NextStep[] = [];
  const then = (what: string, change: (next: World) => void) => {
    const next = copy(world);
    change(next);
    if (next.runs.some((run) => run.progress.state === 'failed'))
      next.wrong ??= 'a run failed although its program did not';
    steps.push({ what, world: next });
  };
  world.runs.forEach((run, index) => {
    const held = world.agents.some(
      ({ task }) => task?.run === index && task.attempt === run.progress.attempt,
    );
    if (canRelease(run) && (!held || world.left.slow > 0)) {
      const expire = (next: World) => {
        if (held) next.left.slow -= 1;
        next.runs[index] = release(run, 'lease-expired').run;
      };
      then(`the lease of run ${index} is over`, (next) => {
        expire(next);
        next.floor = 0;
      });
      if (world.floor > 0 && world.left.messages > 0)
        then(`the lease of run ${index} is over, and nobody is told`, (next) => {
          expire(next);
          next.left.messages -= 1;
        });
    }
    const stopped = world.left.stops > 0 ? stop(run, false) : null;
    if (stopped)
      then(`run ${index} is to stop`, (next) => {
        next.left.stops -= 1;
        next.runs[index] = stopped.run;
      });
    const job = world.jobs[index];
    if (job?.exitCode === null) {
      then(`the job of run ${index} ends`, (next) => (next.jobs[index] = { ...job, exitCode: 0 }));
      if (world.left.failures > 0)
        then(`the job of run ${index} fails`, (next) => {
          next.left.failures -= 1;
          next.jobs[index] = { ...job, exitCode: TRY_AGAIN };
        });
    }
  });
  const floor = lookAtQueue(world);
  // What a look learns of lower places is the other half of the check.
  if (floor > world.floor || (guards.hints && floor < world.floor))
    then('the server looks at the queue', (next) => (next.floor = floor));
  world.agents.forEach((agent, index) => {
    if (!agent.alive) {
      then(`agent ${index} starts again`, (next) => register(next, index));
      return;
    }
    if (world.left.crashes > 0 && agent.task !== null)
      then(`agent ${index} dies`, (next) => {
        next.left.crashes -= 1;
        next.agents[index] = { alive: false, task: null };
      });
    const { task } = agent;
    if (task === null) {
      const ask = (next: World, heard: boolean) => leaseCall(next, index, heard, guards);
      if (!world.runs.every((run) => isFinal(run.progress.state)))
        call(world, then, `agent ${index} asks for work`, ask);
      return;
    }
    then(`agent ${index} sends a heartbeat`, (next) => beat(next, index, task));
    for (const step of workOn(world, task, guards))
      call(world, then, `agent ${index} ${step.what}`, (next, heard) => step.act(next, index, task, heard));
  });
  return steps;
}

/** Only what `next` changes is copied: runs, jobs and agents are replaced as a whole. */
const copy = (world: World): World => ({
  ...world,
  runs: [...world.runs],
  jobs: [...world.jobs],
  created: [...world.created],
  agents: [...world.agents],
  left: { ...world.left },
});

/** Two worlds with the same text go on in the same way. */
export const textOf = ({ runs, ...rest }: World): string =>
  JSON.stringify([
    runs.map(({ agent, orphaned, progress: { state, attempt, agentSeq, execution, stopping } }) => [
      agent,
      orphaned,
      state,
      attempt,
      agentSeq,
      execution,
      stopping,
    ]),
    Object.values(rest),
  ]);

type Then = (what: string, change: (next: World) => void) => void;

function call(world: World, then: Then, what: string, act: (next: World, heard: boolean) => void): void {
  then(what, (next) => act(next, true));
  if (world.left.answers === 0) return;
  then(`${what}, and does not get the answer`, (next) => {
    next.left.answers -= 1;
    act(next, false);
  });
}

/** hints.ts: nothing is pending below the lowest that is, nor anything at all up to the last that was leased. */
function lookAtQueue({ runs }: World): number {
  const lowest = runs.findIndex(canLease);
  return lowest < 0 ? runs.length : lowest;
}

function leaseCall(next: World, agent: number, heard: boolean, guards: Guards): void {
  const orphan = next.runs.findIndex(canAdopt);
  const above = next.runs.findIndex((run, place) => place >= next.floor && canLease(run));
  const fresh = above < 0 && guards.hints ? next.runs.findIndex(canLease) : above;
  const index = orphan >= 0 ? orphan : fresh;
  const run = next.runs[index];
  if (run === undefined) {
    const hidden = next.runs.findIndex(canLease);
    if (hidden >= 0) next.wrong = `run ${hidden} waits, and an agent that asked was given nothing`;
    return;
  }
  const taken = (orphan >= 0 ? adopt(run, nameOf(agent)) : lease(run, nameOf(agent))).run;
  next.runs[index] = taken;
  const { attempt, execution } = taken.progress;
  if (heard)
    next.agents[agent] = {
      alive: true,
      task: { run: index, attempt, execution, said: 0, at: orphan >= 0 ? 'adopting' : 'leased' },
    };
}

function beat(next: World, agent: number, task: Task): void {
  const run = next.runs[task.run];
  const renewed = run && renew(run, nameOf(agent), task.attempt);
  if (renewed) next.runs[task.run] = renewed;
  else leave(next, agent);
}

function register(next: World, agent: number): void {
  next.agents[agent] = { alive: true, task: null };
  next.runs = next.runs.map((run) =>
    run.agent === nameOf(agent) && canRelease(run) ? release(run, 'agent-registered').run : run,
  );
  next.floor = 0;
}

const leave = (next: World, agent: number) => (next.agents[agent] = { alive: true, task: null });

interface Work {
  what: string;
  act: (next: World, agent: number, task: Task, heard: boolean) => void;
}

/** run/task.ts: what the agent does next for the run. */
function workOn({ jobs, runs }: World, { at, run, execution }: Task, guards: Guards): Work[] {
  const job = jobs[run] ?? null;
  const to =
    (where: Task['at'], change: (next: World) => void = () => undefined): Work['act'] =>
    (next, agent, task, heard) => {
      change(next);
      if (heard) next.agents[agent] = { alive: true, task: { ...task, at: where } };
    };
  const create = (next: World) => {
    if (job !== null && guards.adoption) return;
    next.jobs[run] = { execution, exitCode: null };
    next.created[run] = (next.created[run] ?? 0) + 1;
    if ((next.created[run] ?? 0) > (runs[run]?.progress.execution ?? 0))
      next.wrong = `run ${run} was submitted twice in one execution`;
  };
  switch (at) {
    case 'leased':
      return [
        {
          what: `removes what an earlier execution of run ${run} left`,
          act: to('cleared', (next) => {
            if (job !== null && (!guards.leftovers || job.execution < execution)) next.jobs[run] = null;
          }),
        },
      ];
    case 'cleared':
      return [
        { what: `reports run ${run} as starting`, act: tell({ state: 'starting' }, 'announced', guards) },
      ];
    case 'adopting':
      return [
        {
          what: `looks for the job of run ${run}`,
          act: to(job !== null && guards.adoption ? 'watching' : 'announced'),
        },
      ];
    case 'announced':
      return [{ what: `creates the job of run ${run}`, act: to('watching', create) }];
    case 'watching': {
      if (job === null)
        return [
          {
            what: `finds the job of run ${run} gone`,
            act: tell({ state: 'failed', data: GONE }, null, guards),
          },
        ];
      if (runs[run]?.progress.stopping && job.exitCode === null)
        return [
          {
            what: `stops the job of run ${run}`,
            act: to('watching', (next) => (next.jobs[run] = { ...job, exitCode: 143 })),
          },
        ];
      if (job.exitCode === null) return [];
      const failed = { phase: 'run', category: 'user-error', message: 'it failed', exitCode: job.exitCode };
      const result =
        job.exitCode === 0 ? { state: 'finished' as const } : { state: 'failed' as const, data: failed };
      return [{ what: `reports the end of run ${run}`, act: tell(result, null, guards) }];
    }
  }
}

/** A report; without its answer it is sent again. */
function tell(event: Omit<ReportedEvent, 'seq'>, then: Task['at'] | null, guards: Guards): Work['act'] {
  return (next, agent, task, heard) => {
    const run = next.runs[task.run];
    if (run === undefined) return;
    const attempt = guards.fencing ? task.attempt : run.progress.attempt;
    try {
      if (run.agent === null) throw conflict('Nobody has it.', 'stale-attempt');
      const said = { ...event, seq: guards.fencing ? task.said + 1 : run.progress.agentSeq + 1 };
      const after = report(run, attempt, [said], policy).run;
      next.runs[task.run] = after;
      if (after.progress.state === 'pending') next.floor = 0;
      if (task.attempt < run.progress.attempt)
        next.wrong = `a report of attempt ${task.attempt} of run ${task.run} was accepted after attempt ${run.progress.attempt} began`;
      if (!heard) return;
      if (then === null) leave(next, agent);
      else next.agents[agent] = { alive: true, task: { ...task, at: then, said: task.said + 1 } };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      // The lease is over; without the answer the agent asks once more.
      if (heard) leave(next, agent);
    }
  };
}
