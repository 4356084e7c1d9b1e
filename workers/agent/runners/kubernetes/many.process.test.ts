import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentProgram, until } from '../../testing/child';
import { FakeServer } from '../../testing/fake-server';
import { clusterSpec, eventsOf } from '../../testing/kube-agent';
import { Cluster, KubeApi } from '../../testing/kube-api';

const RUNS = 500;

let api: KubeApi;
let cluster: Cluster;
let server: FakeServer;
let program: AgentProgram;
let folder: string;
beforeEach(async () => {
  api = await KubeApi.start();
  cluster = new Cluster(api);
  server = new FakeServer();
  await server.start();
  folder = await mkdtemp(join(tmpdir(), 'slipway-many-'));
  await writeFile(join(folder, 'config'), api.kubeconfig());
  program = await AgentProgram.build();
});
afterEach(async () => {
  await program.remove();
  await server.stop();
  await api.close();
  await rm(folder, { recursive: true });
});
const start = () => program.start(server, { KUBECONFIG: join(folder, 'config'), TEST_MAX_JOBS: '-1' });

describe('an agent as a program, on a cluster', () => {
  it(`runs ${RUNS} at once with one watch, little memory and few requests`, async () => {
    let waiting = 0;
    let letGo: () => void = () => undefined;
    const together = new Promise<void>((resolve) => (letGo = resolve));
    cluster.playAll(['begin', 'end'], 0, async () => {
      waiting += 1;
      if (waiting === RUNS) letGo();
      await together;
    });
    const runs = Array.from({ length: RUNS }, () => server.enqueue(clusterSpec()));
    const agent = start();
    const ended = () => runs.filter(({ state }) => state === 'finished').length;
    await until(
      () => ended() === RUNS,
      () => `${RUNS} runs to end: ${ended()} have, ${waiting} were running\n${agent.log().slice(-2000)}`,
      50_000,
    );
    for (const run of runs) expect(run.log.toString('utf8')).toBe('begin\nend\n');
    const perRun = api.requests.length / RUNS;
    expect(perRun).toBeLessThan(5);
    expect(api.count(/^GET .*\/(pods|jobs|events)$/)).toBeLessThan(20);
    const peak =
      Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${agent.pid ?? 0}/status`, 'utf8'))?.[1]) / 1024;
    expect(peak).toBeLessThan(400);
  });

  it('that is killed is replaced: the run is adopted, made once, its log without a gap', async () => {
    const run = server.enqueue(clusterSpec(), { KEY: 'a-secret-value' });
    const first = start();
    await until(
      () => cluster.job(run.id) !== undefined,
      () => first.log(),
    );
    const pod = cluster.addPod(cluster.job(run.id) ?? { metadata: { name: '' } });
    cluster.run(pod);
    cluster.print(pod, 'before');
    await until(() => run.log.length > 0, 'the log');
    first.kill('SIGKILL');
    await first.ended;
    cluster.print(pod, 'meanwhile');
    start();
    await until(
      () => run.log.toString('utf8') === 'before\nmeanwhile\n',
      () => run.log.toString('utf8'),
    );
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await until(
      () => run.state === 'finished',
      () => run.state,
    );
    expect(api.count(/^POST .*\/jobs$/)).toBe(1);
    expect(eventsOf(run, 'adopted')).toHaveLength(1);
  });
});
