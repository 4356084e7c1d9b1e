import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export { findBuildKit } from '../../../scripts/lib/buildkit.mjs';

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

/** As `apt-get`, `python3` and pip look to a generated Dockerfile: an environment is a folder, a program is a script of the shell. */
const FAKE_PYTHON = {
  'apt-get': '#!/bin/sh\necho "apt-get $*"\n',
  python3:
    '#!/bin/sh\nif [ "$1" = -m ]; then for last; do :; done; mkdir -p "$last/bin"; cp /bin/python3 "$last/bin/python"; cp /bin/fake-pip "$last/bin/pip"; exit; fi\nexec sh "$@"\n',
  'fake-pip': '#!/bin/sh\ncp "$3" /env/installed\necho "Successfully installed $(cat "$3")"\n',
};

/** A base image on which generated Dockerfiles run without a network. Gives its name. */
export async function buildPythonImage(): Promise<string> {
  const base = await buildTestImage();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  try {
    for (const [name, script] of Object.entries(FAKE_PYTHON))
      await writeFile(join(folder, name), script, { mode: 0o755 });
    await writeFile(
      join(folder, 'Dockerfile'),
      `FROM ${base}\nCOPY apt-get python3 fake-pip /bin/\nRUN ["/bin/mkdir","-p","/etc"]\n`,
    );
    const image = 'slipway-test-python:base';
    await run('docker', ['build', '--tag', image, folder], { env: { ...process.env, DOCKER_BUILDKIT: '0' } });
    return image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Output of a docker command. */
export const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout.trim();
