import { execFile, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const IDENTITY = [
  '-c',
  'user.name=Ada',
  '-c',
  'user.email=ada@example.com',
  '-c',
  'protocol.file.allow=always',
];

/** Output of a git command in a directory. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return (await run('git', [...IDENTITY, ...args], { cwd, env })).stdout.trim();
}

/** Git repositories in a directory, served by git's own `http-backend` as a CGI program, over HTTP, and over `file://`. */
export class GitServer {
  /** `user:password` that all requests must carry; null: none. */
  password: string | null = null;
  /** Status that is answered instead of anything else. */
  broken: number | null = null;
  private server: Server | null = null;

  private constructor(readonly directory: string) {}

  static async start(): Promise<GitServer> {
    const self = new GitServer(await mkdtemp(join(tmpdir(), 'slipway-git-')));
    const server = createServer((request, response) => self.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    self.server = server;
    return self;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    await rm(this.directory, { recursive: true, force: true });
  }

  get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }
  http = (name: string): string => `http://127.0.0.1:${this.port}/${name}`;
  file = (name: string): string => `file://${join(this.directory, name)}`;

  /** Makes a repository, or adds a commit to it; gives the commit. */
  async commit(name: string, files: Record<string, string>): Promise<string> {
    const folder = join(this.directory, name);
    await mkdir(folder, { recursive: true });
    await git(folder, 'init', '--quiet', '--initial-branch=main');
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await git(folder, 'add', '--all');
    await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'A change');
    return git(folder, 'rev-parse', 'HEAD');
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://git');
    const wanted = this.password && `Basic ${Buffer.from(this.password).toString('base64')}`;
    if (this.broken !== null) return void response.writeHead(this.broken).end();
    if (wanted !== null && request.headers.authorization !== wanted)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: this.directory,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_ADDR: '127.0.0.1',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(backend.stdin);
    backend.stdin.on('error', () => undefined);
    const parts: Buffer[] = [];
    backend.stdout.on('data', (part: Buffer) => parts.push(part));
    backend.once('close', () => {
      const output = Buffer.concat(parts);
      const end = output.indexOf('\r\n\r\n');
      const headers = output
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map((line) => line.split(': ') as [string, string]);
      const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
      response.writeHead(
        Number.parseInt(status, 10),
        Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'status')),
      );
      response.end(output.subarray(end + 4));
    });
  }
}
