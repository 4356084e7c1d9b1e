import { readFile } from 'node:fs/promises';
import { version } from '../package.json';

/** `VERSION+BUILD`: which code serves, also between two builds of one version. In development, without a build, the version alone. */
export async function readBuild(file: string): Promise<string> {
  const id = await readFile(file, 'utf8').catch(() => '');
  return /^[\w-]+$/.test(id.trim()) ? `${version}+${id.trim()}` : version;
}
