/** Reads a text file of the build context; null: there is none, or it is too large to be what it is taken for. */
export type ReadFile = (path: string) => string | null;

/** What of a source says which packages it needs. */
export type Dependencies =
  | { kind: 'none' }
  /** `files`: what the installation reads, the first one the list itself; null: it needs the whole source (`-e .`). */
  | { kind: 'pip'; files: string[] | null }
  | { kind: 'pyproject' }
  /** `local`: packages of the source itself are among them, so that the whole source is needed. */
  | { kind: 'uv'; local: boolean }
  | { kind: 'poetry'; locked: boolean; local: boolean }
  | { kind: 'conda'; file: string; local: boolean };

const REQUIREMENTS = 'requirements.txt';
const CONDA_FILES = ['environment.yml', 'environment.yaml', 'conda.yml', 'conda.yaml'];

/** A source of a locked package that lies in the tree; the project itself (`.`) is not installed. */
const UV_LOCAL = /\bsource = \{ (?:editable|directory|virtual|path) = "(?!\.")/;
const POETRY_LOCAL = /^type = "(?:directory|file)"/m;
const POETRY_PATH = /[{,]\s*path\s*=\s*["']/;

/** A line of its `pip` part that names files of the source. */
const CONDA_LOCAL = /^\s*-\s+["']?(?:-r|-c|-e|--requirement|--constraint|--editable|\.|file:)/m;

/** The first there is of `requirements.txt`, `pyproject.toml` (with `uv.lock` or `poetry.lock`) and a conda environment file. */
export function findDependencies(read: ReadFile): Dependencies {
  if (read(REQUIREMENTS) !== null) return { kind: 'pip', files: requirementFiles(read) };
  const project = read('pyproject.toml');
  if (project !== null) {
    const uvLock = read('uv.lock');
    if (uvLock !== null) return { kind: 'uv', local: UV_LOCAL.test(uvLock) };
    const poetryLock = read('poetry.lock');
    const locked = poetryLock !== null;
    const onlyPoetry = /^\s*\[tool\.poetry[.\]]/m.test(project) && !/^\s*\[project\]/m.test(project);
    const local = locked ? POETRY_LOCAL.test(poetryLock) : POETRY_PATH.test(project);
    return locked || onlyPoetry ? { kind: 'poetry', locked, local } : { kind: 'pyproject' };
  }
  for (const file of CONDA_FILES) {
    const environment = read(file);
    if (environment !== null) return { kind: 'conda', file, local: CONDA_LOCAL.test(environment) };
  }
  return { kind: 'none' };
}

/** Names that can stand in a Dockerfile as they are. */
const PLAIN_PATH = /^[A-Za-z0-9._][A-Za-z0-9._/-]*$/;
const MAX_FILES = 50;

/**
 * `requirements.txt` and the files it includes (`-r`, `-c`). Null when a line needs more of the source than such files: an editable or
 * local package, or a name that cannot stand in a Dockerfile.
 */
function requirementFiles(read: ReadFile): string[] | null {
  const files = [REQUIREMENTS];
  for (const file of files) {
    const text = read(file);
    if (text === null || files.length > MAX_FILES) return null;
    for (const line of text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)) {
      const words = line.replace(/(^|\s)#.*$/, '').trim();
      const included = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S.*)$/.exec(words)?.[1];
      if (included !== undefined) {
        if (/^https?:/.test(included)) continue;
        const path = join(file, included);
        if (path === null || !PLAIN_PATH.test(path)) return null;
        if (!files.includes(path)) files.push(path);
      } else if (
        /^(-e|--editable)\b|^\.|^file:|(^|\s)@\s*(file:|\.)|^[^\s@;]*\.(whl|zip|tar\.gz)\b|^(-f|--find-links)[\s=]+\.?\//.test(
          words,
        )
      ) {
        return null;
      }
    }
  }
  return files;
}

/** `included` as seen from the folder of `file`; null outside the context. */
function join(file: string, included: string): string | null {
  const parts = file.split('/').slice(0, -1);
  for (const part of included.split('/')) {
    if (part === '' && included.startsWith('/')) return null;
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
