/** Names of a Dockerfile beside the entrypoint that is meant for builds of jobs, in order of preference. */
const OWN_NAMES = ['Dockerfile.wandb', 'Dockerfile.slipway'];
const GENERATED_NAME = 'Dockerfile.slipway-generated';

export type DockerfileChoice =
  /** A file of the source. */
  | { kind: 'own'; path: string }
  /** None is there: one is made, under a name that the source does not have. */
  | { kind: 'generated'; path: string };

/**
 * The Dockerfile of a build: the one the job names; else `Dockerfile.wandb` or `Dockerfile.slipway` beside the entrypoint, else at the top
 * of the context; else a generated one. `has`: whether the context has a file of this path. A named one is not looked for here.
 */
export function chooseDockerfile(
  { named, entrypoint }: { named: string | null; entrypoint: readonly string[] },
  has: (path: string) => boolean,
): DockerfileChoice {
  if (named !== null) return { kind: 'own', path: normalPath(named) };
  for (const folder of new Set([folderOfEntrypoint(entrypoint, has), ''])) {
    for (const name of OWN_NAMES) if (has(folder + name)) return { kind: 'own', path: folder + name };
  }
  let path = GENERATED_NAME;
  for (let number = 2; has(path); number++) path = `${GENERATED_NAME}-${number}`;
  return { kind: 'generated', path };
}

/** Folder of the first word that is a file of the context (`src/train.py`), or of the module after `-m`; '' or with a slash at its end. */
function folderOfEntrypoint(entrypoint: readonly string[], has: (path: string) => boolean): string {
  for (const [index, word] of entrypoint.entries()) {
    const module = entrypoint[index - 1] === '-m' ? word.replaceAll('.', '/') : null;
    const candidates = module === null ? [normalPath(word)] : [`${module}.py`, `${module}/__main__.py`];
    const file = candidates.find(has);
    if (file !== undefined) return file.slice(0, file.lastIndexOf('/') + 1);
  }
  return '';
}

/** A path inside the context in its shortest form: no `.`, no doubled slash. */
export const normalPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
