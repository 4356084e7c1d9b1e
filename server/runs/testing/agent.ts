import { randomBytes } from 'node:crypto';
import { launchSchema } from '@/core/wire';
import type { JsonObject, LaunchInput, LeaseAnswer, RegisteredAgent } from '@/core/wire';
import type { AgentActor, UserActor } from '../../access';
import { registerAgent } from '../../agents';
import type { Services } from '../../services';
import { seedAgentToken } from '../../testing';
import type { SeededEntity, SeededQueue } from '../../testing';
import { enqueueRun, heartbeat, leaseRuns, reportEvents } from '../index';

/** For tests: a launch with its defaults filled in. */
export const launchOf = (launch: LaunchInput = {}) =>
  launchSchema.parse({ image: 'example/train:1', ...launch });

export async function enqueue(
  s: Services,
  actor: UserActor,
  queue: SeededQueue,
  launch: LaunchInput = {},
): Promise<string> {
  const { run } = await enqueueRun(s, actor, {
    entity: queue.entity.name,
    queue: queue.name,
    launch: launchOf(launch),
  });
  return run.id;
}

/** For tests: an agent that does by hand what an agent does by itself. */
export interface TestAgent {
  actor: AgentActor;
  instanceId: string;
  registered: RegisteredAgent;
  lease(options?: {
    max?: number;
    waitSeconds?: number;
    on?: Services;
    signal?: AbortSignal;
  }): Promise<LeaseAnswer['runs']>;
  /** Sends events with the next numbers of the attempt. */
  report(run: { id: string; attempt: number }, ...events: JsonObject[]): ReturnType<typeof reportEvents>;
  beat(
    runs?: { id: string; attempt: number }[],
    status?: 'polling' | 'stopped',
  ): ReturnType<typeof heartbeat>;
}

export async function startAgent(
  s: Services,
  entity: SeededEntity,
  queues: readonly string[],
  options: {
    maxJobs?: number;
    instanceId?: string;
    actor?: AgentActor;
    queueIds?: string[];
    name?: string;
  } = {},
): Promise<TestAgent> {
  const {
    maxJobs = 1,
    instanceId = `instance-${randomBytes(6).toString('hex')}`,
    queueIds = [],
    name = 'agent',
  } = options;
  const actor = options.actor ?? (await seedAgentToken(s, entity, { queueIds })).actor;
  const registered = await registerAgent(s, actor, {
    name,
    hostname: 'host-1',
    version: '0',
    queues: [...queues],
    maxJobs,
    config: {},
    instanceId,
  });
  const { agentId, session } = registered;
  const next = new Map<string, number>();
  return {
    actor,
    instanceId,
    registered,
    lease: async ({ max = 1, waitSeconds = 0, on = s, signal } = {}) =>
      (await leaseRuns(on, actor, { agentId, session, max, waitSeconds }, signal)).runs,
    report: ({ id, attempt }, ...events) => {
      const key = `${id}/${attempt}`;
      const numbered = events.map(({ state, ...data }) => {
        const seq = (next.get(key) ?? 0) + 1;
        next.set(key, seq);
        return { seq, state: state as 'running' | undefined, data };
      });
      return reportEvents(s, actor, { runId: id, attempt, events: numbered });
    },
    beat: (runs = [], status = 'polling') => heartbeat(s, actor, { agentId, session, runs, status }),
  };
}

/** Reports that lead a leased run to its end. */
export async function finish(agent: TestAgent, run: { id: string; attempt: number }): Promise<void> {
  await agent.report(
    run,
    { state: 'starting', externalRef: `slipway-${run.id}` },
    { state: 'running' },
    { state: 'finished', exitCode: 0 },
  );
}
