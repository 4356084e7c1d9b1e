import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const BUSYBOX_IMAGE = 'slipway-test-busybox:1';

/** Whether a Docker engine answers. */
export const hasDocker = (): boolean =>
  spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' }).status === 0;

/** Makes a small image without pulling one: Debian's static busybox and its applets. */
export function buildBusyboxImage(): void {
  if (spawnSync('docker', ['image', 'inspect', BUSYBOX_IMAGE], { stdio: 'ignore' }).status === 0) return;
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
  if (!busybox) throw new Error('busybox is not installed (Debian: busybox-static)');
  const dir = mkdtempSync(path.join(tmpdir(), 'slipway-image-'));
  copyFileSync(busybox, path.join(dir, 'busybox'));
  writeFileSync(
    path.join(dir, 'Dockerfile'),
    'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\nCMD ["/bin/sh"]\n',
  );
  const built = spawnSync('docker', ['build', '-q', '-t', BUSYBOX_IMAGE, dir], { encoding: 'utf8' });
  rmSync(dir, { recursive: true, force: true });
  if (built.status !== 0) throw new Error(`docker build failed: ${built.stderr}`);
}

export const docker = (...args: string[]): string =>
  spawnSync('docker', args, { encoding: 'utf8' }).stdout.trim();
