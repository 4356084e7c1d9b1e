// The docker command that builds with BuildKit. Newer ones need their buildx plugin for it, which the one of a distribution may have
// instead of the first in the PATH.
import { spawnSync } from 'node:child_process';

/** Nothing is left of it: BuildKit gets as far as its first step. */
const PROBE = 'FROM scratch\nCOPY missing /\n';

/** @returns {{ command: string, version: string } | { missing: string }} */
export function findBuildKit() {
  let missing = 'there is no docker command';
  for (const command of ['docker', '/usr/bin/docker']) {
    const { stderr, error } = spawnSync(command, ['build', '-'], {
      input: PROBE,
      encoding: 'utf8',
      env: { ...process.env, DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: 'plain' },
    });
    if (/^#1 /m.test(stderr ?? '')) {
      const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
      return { command, version: `BuildKit by ${stdout.trim()}` };
    }
    if (!error) missing = stderr.trim().split('\n')[0] || 'no answer';
  }
  return { missing };
}
