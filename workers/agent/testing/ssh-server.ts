import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../scripts/lib/free-port.mjs';

const run = promisify(execFile);
const PROGRAM = '/usr/sbin/sshd';

/** Why there can be no ssh server here; null where there can. */
export const sshMissing: string | null = existsSync(PROGRAM) ? null : 'openssh-server is not installed';

/** A real OpenSSH server on loopback with a host key of its own. It lets one key in, as the account that runs it. */
export class SshServer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly output: string[],
  ) {}

  static async start(): Promise<SshServer> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-ssh-'));
    await Promise.all(['host', 'agent', 'stranger', 'other-host'].map((name) => makeKey(join(folder, name))));
    const port = await freePort();
    const config = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'agent.pub')}`,
      'PidFile none',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      // The folder is a temporary one.
      'StrictModes no',
    ];
    await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
    // Started by root it wants this folder, which the service of the system would have made.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const child = spawn(PROGRAM, ['-D', '-e', '-f', join(folder, 'sshd_config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const output: string[] = [];
    child.stderr.on('data', (data: Buffer) => output.push(data.toString()));
    const self = new SshServer(port, child, folder, output);
    for (let tries = 0; !(await answers(port)); tries++) {
      if (child.exitCode !== null || tries > 200) throw new Error(`sshd did not start: ${output.join('')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return self;
  }

  url = (path: string): string => `ssh://${userInfo().username}@127.0.0.1:${this.port}${path}`;
  log = (): string => this.output.join('');

  /**
   * An ssh command as the configuration of an account makes it: with this key, knowing this host key of the server (`null`: none).
   * OpenSSH finds the home of an account in the system's list of accounts, so a test cannot give it another.
   */
  async command(key: 'agent' | 'stranger', known: 'host' | 'other-host' | null): Promise<string> {
    const knownHosts = join(this.folder, 'known_hosts');
    const hostKey = known === null ? null : await readFile(join(this.folder, `${known}.pub`), 'utf8');
    await writeFile(knownHosts, hostKey === null ? '' : `[127.0.0.1]:${this.port} ${hostKey}`);
    return `ssh -F none -i ${join(this.folder, key)} -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=none`;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

const makeKey = (file: string) => run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
