import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_SECONDS, type Installation } from './installation';
import type { Random } from './random';
import { canLimitFiles } from '../support/disk';

/** Does something bad to the installation and mends it again; says what it was. */
export type Fault = (installation: Installation, random: Random) => Promise<string>;

const killServer: Fault = async (installation, random) => {
  const index = random.between(0, installation.servers.length - 1);
  await installation.servers[index]?.kill('SIGKILL');
  await delay(random.between(0, 1500));
  await installation.startServer(index);
  return `server ${index} killed`;
};

const killWorker: Fault = async ({ system }, random) => {
  await system.worker?.kill('SIGKILL');
  await delay(random.between(0, 1500));
  system.startWorker();
  return 'worker killed';
};

/** It starts again by itself. */
const killAgent: Fault = async ({ agents, balancer }, random) => {
  const index = random.between(0, agents.length - 1);
  await agents[index]?.kill('SIGKILL');
  // What it had sent and the network held back arrives when it is running again.
  await delay(random.between(1500, 3000));
  await balancer.repeatOld();
  return `agent ${index} killed`;
};

/** Frozen until its leases have run out and others have had the time to take over; then it goes on as if nothing had been. */
const freezeAgent: Fault = async ({ agents, balancer }, random) => {
  const index = random.between(0, agents.length - 1);
  const agent = agents[index];
  agent?.process.kill('SIGSTOP');
  await delay((LEASE_SECONDS + random.between(2, 4)) * 1000);
  await balancer.repeatOld();
  agent?.process.kill('SIGCONT');
  return `agent ${index} frozen past its leases`;
};

const killPostgres: Fault = async ({ system }, random) => {
  await system.killPostgres();
  await delay(random.between(0, 1000));
  await system.startPostgres();
  return 'PostgreSQL killed';
};

const cutConnections: Fault = ({ balancer }) => {
  balancer.cut();
  return Promise.resolve('every connection to the servers cut');
};

const networkDown: Fault = async ({ balancer }, random) => {
  balancer.goDown();
  await delay(random.between(500, 4000));
  balancer.heal();
  return 'no way from agents to servers for a while';
};

const slowNetwork: Fault = async ({ balancer }, random) => {
  balancer.slow(random.between(200, 1200));
  await delay(random.between(1000, 3000));
  balancer.heal();
  return 'requests late';
};

const lostAnswers: Fault = async ({ balancer }, random) => {
  balancer.swallowAnswers();
  await delay(random.between(200, 1500));
  balancer.heal();
  return 'requests carried out, their answers lost';
};

/** Sessions of servers to PostgreSQL end as an administrator or a firewall would end them. */
const cutDatabase: Fault = async (installation) => {
  await installation.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'slipway%' AND pid <> pg_backend_pid()",
  );
  return 'every session of PostgreSQL ended';
};

const killRedis: Fault = async ({ redis }, random) => {
  await redis?.kill();
  await delay(random.between(200, 2000));
  await redis?.restart();
  return 'Redis killed, and back without its data';
};

const doubledRequests: Fault = async ({ balancer }, random) => {
  balancer.doubleRequests();
  await delay(random.between(500, 2000));
  balancer.heal();
  return 'every request sent to two servers';
};

const oldRequests: Fault = async ({ balancer }) =>
  `${await balancer.repeatOld()} reports sent once more, long after their answers`;

/** Its clients stay connected; what they had put there is gone. */
const flushRedis: Fault = async ({ redis }) => {
  await redis?.command('FLUSHALL');
  return 'Redis flushed';
};

/** The cluster goes on; nobody can ask it anything. */
const clusterAway: Fault = async ({ cluster }, random) => {
  await cluster.api.close();
  await delay(random.between(500, 3000));
  await cluster.api.listen();
  return 'the API of the cluster away';
};

/** As on a full disk: what writes, the log of PostgreSQL included, is refused, and PostgreSQL goes down. Then there is room again. */
const fullDisk: Fault = async ({ system }, random) => {
  await system.fillDiskOfPostgres();
  await delay(random.between(500, 2500));
  await system.emptyDiskOfPostgres();
  return 'the disk of PostgreSQL full';
};

/** A migration comes while the old servers work; then one server after the other, and the worker, is replaced. */
const upgrade: Fault = async (installation) => {
  await installation.migrate();
  for (const index of installation.servers.keys()) {
    await installation.servers[index]?.kill('SIGTERM');
    await installation.startServer(index);
  }
  await installation.system.worker?.kill('SIGTERM');
  installation.system.startWorker();
  return 'a rolling upgrade';
};

const FAULTS: readonly Fault[] = [
  killServer,
  killWorker,
  killAgent,
  freezeAgent,
  killPostgres,
  cutConnections,
  networkDown,
  slowNetwork,
  lostAnswers,
  cutDatabase,
  doubledRequests,
  oldRequests,
  clusterAway,
  upgrade,
  ...(canLimitFiles() ? [fullDisk] : []),
];

/** The faults of a round in an order of its own: each kind comes before any comes a second time. */
export function faultPlan(count: number, random: Random, withRedis: boolean): Fault[] {
  const kinds = withRedis ? [...FAULTS, killRedis, flushRedis] : FAULTS;
  const plan: Fault[] = [];
  let bag: Fault[] = [];
  while (plan.length < count) {
    if (bag.length === 0) bag = [...kinds];
    const [fault] = bag.splice(random.between(0, bag.length - 1), 1);
    if (fault) plan.push(fault);
  }
  return plan;
}
