import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../scripts/lib/free-port.mjs';

/** A real OCI registry (Debian's `docker-registry`) on loopback, which Docker engines speak plain HTTP to. */
export class TestRegistry {
  private constructor(
    readonly host: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(): Promise<TestRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
    const host = `127.0.0.1:${await freePort()}`;
    const config = `version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: ${join(folder, 'data')}}\n  delete: {enabled: true}\nhttp: {addr: "${host}"}\n`;
    await writeFile(join(folder, 'config.yml'), config);
    const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
    const self = new TestRegistry(host, child, folder);
    for (let tries = 0; ; tries++) {
      const up = await fetch(`http://${host}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (up) return self;
      if (tries > 200) throw new Error('docker-registry did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Tags of a repository, sorted; none if there is no such repository. */
  async tags(repository: string): Promise<string[]> {
    const response = await fetch(`http://${this.host}/v2/${repository}/tags/list`);
    const body = (await response.json()) as { tags?: string[] | null };
    return (body.tags ?? []).sort();
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
