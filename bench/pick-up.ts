import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { ADMIN, System } from '../e2e/support/system';

/** Sorted copy's value at a share of its length. */
const percentile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;
const row = (name: string, values: number[]): void => {
  console.log(
    `${name.padEnd(44)} p50 ${percentile(values, 0.5).toFixed(1)} ms   p99 ${percentile(values, 0.99).toFixed(1)} ms   n ${values.length}`,
  );
};

/** Resident memory of a process, MB (Linux). */
function residentMegabytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/**
 * From the answer of a launch to the moment an agent has the run, on an idle system, over HTTP with keys checked. The agent here is a
 * bare client that holds one long poll, so that only the server is measured.
 */
async function pickUp(system: System, rounds: number): Promise<number[]> {
  const entity = ADMIN.username;
  await system.api()('POST', `/api/v1/entities/${entity}/queues`, {
    name: 'pick-up',
    resource: 'local-process',
  });
  const agent = system.api(await system.agentToken(entity));
  const { agentId } = await agent<{ agentId: string }>('POST', '/api/agent/v1/agents', {
    name: 'bench',
    hostname: 'bench',
    version: '0',
    queues: ['pick-up'],
    maxJobs: -1,
    instanceId: 'bench-instance',
  });
  const waits: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const leased = agent<{ runs: { id: string; attempt: number }[] }>('POST', '/api/agent/v1/lease', {
      agentId,
      max: 1,
      waitSeconds: 20,
    }).then((answer) => ({ answer, at: performance.now() }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await system.api()('POST', `/api/v1/entities/${entity}/queues/pick-up/runs`, { entrypoint: ['true'] });
    const launchedAt = performance.now();
    const { answer, at } = await leased;
    const run = answer.runs[0];
    if (!run) throw new Error('the lease was answered without a run');
    waits.push(Math.max(0, at - launchedAt));
    const at2 = new Date().toISOString();
    await agent('POST', `/api/agent/v1/runs/${run.id}/events`, {
      attempt: run.attempt,
      events: ['starting', 'running', 'finished'].map((state, seq) => ({
        seq: seq + 1,
        state,
        at: at2,
        data: state === 'finished' ? { exitCode: 0 } : {},
      })),
    });
  }
  return waits;
}

const system = await System.start();
try {
  row('launch answered -> agent has it, without Redis', await pickUp(system, 300));
  system.startAgent({
    entity: ADMIN.username,
    queues: ['pick-up'],
    token: await system.agentToken(ADMIN.username),
  });
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const parts = {
    server: residentMegabytes(system.server?.process.pid),
    worker: residentMegabytes(system.worker?.process.pid),
    agent: residentMegabytes(system.agents[0]?.process.pid),
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  console.log(
    `${'idle memory'.padEnd(44)} ${Object.entries(parts)
      .map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`)
      .join(', ')}, together ${total.toFixed(0)} MB`,
  );
} finally {
  await system.stop();
}
