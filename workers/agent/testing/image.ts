import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Builds a small image from the machine's static busybox, as no image can be counted on to be pulled. Gives its name. */
export async function buildTestImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  try {
    await copyFile(process.env['SLIPWAY_TEST_BUSYBOX'] ?? '/bin/busybox', join(folder, 'busybox'));
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox","--install","-s","/bin"]\nENV PATH=/bin\n',
    );
    const image = 'slipway-test-busybox:agent';
    await run('docker', ['build', '--tag', image, folder], { env: { ...process.env, DOCKER_BUILDKIT: '0' } });
    return image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Output of a docker command. */
export const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout.trim();
