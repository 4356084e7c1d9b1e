import { Front } from './front';

/** A front before the Docker engine of this machine whose disk is full as long as `full` says so: a build cannot write a layer. */
export class FullEngine {
  full = true;
  private front: Front | undefined;

  static async start(): Promise<FullEngine> {
    const self = new FullEngine();
    const { DOCKER_HOST = 'unix:///var/run/docker.sock' } = process.env;
    const { protocol, pathname, hostname, port } = new URL(DOCKER_HOST);
    const target = protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port };
    self.front = await Front.start(target, ({ method, url = '' }, response) => {
      if (!self.full || method !== 'POST' || !/^(\/v[\d.]+)?\/build\?/.test(url)) return 'pass-on';
      // As engines say it: the answer is under way when it happens, so its status is 200.
      const error = 'write /var/lib/docker/overlay2/1f0c/diff/data: no space left on device';
      const lines = [{ stream: 'Step 1/2 : FROM base\n' }, { errorDetail: { message: error }, error }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(''));
      return 'answered';
    });
    return self;
  }

  /** For DOCKER_HOST. */
  get address(): string {
    return `tcp://${this.front?.host ?? ''}`;
  }

  stop(): void {
    this.front?.stop();
  }
}
