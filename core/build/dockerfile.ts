import { imageProblem } from '@/core/launch-spec';
import { refused } from '@/core/problems';
import { findDependencies, type Dependencies, type ReadFile } from './dependencies';

export interface DockerfileInput {
  read: ReadFile;
  /** Program and its first arguments, not empty. */
  entrypoint: readonly string[];
  /** Of the job, as `3.11` or `3.11.4`. */
  pythonVersion: string | null;
  /** `builder.accelerator.base_image` of the queue: Debian-like; Python comes into it by apt-get. */
  acceleratorBaseImage: string | null;
  /** Some platforms (SageMaker) run only root; everywhere else the program is uid 1000. */
  runAsRoot: boolean;
}

const DEFAULT_PYTHON = '3.12';
const CONDA_IMAGE = 'condaforge/miniforge3:latest';
const PLAIN_IMAGE = 'debian:bookworm-slim';
const CODE = '/app';
const HOME = '/home/slipway';
const ENV = '/env';

/** Prints what `[project]` depends on, with the reader of TOML that Python (3.11 on) or its pip has. */
const PRINT_DEPENDENCIES = [
  'try: import tomllib',
  'except ImportError: import pip._vendor.tomli as tomllib',
  'print(*tomllib.load(open("pyproject.toml","rb")).get("project",{}).get("dependencies",[]),sep=chr(10))',
].join('\\n');

/**
 * A Dockerfile for a Python program: packages are installed in a stage of their own and before the code comes, so that a change of code
 * installs nothing again.
 *
 * @throws ProblemError `refused` when the base image of the queue is not an image name
 */
export function generateDockerfile(input: DockerfileInput): string {
  const { read, entrypoint, acceleratorBaseImage, runAsRoot } = input;
  const problem = acceleratorBaseImage === null ? null : imageProblem(acceleratorBaseImage);
  if (problem !== null) throw refused(`builder.accelerator.base_image ${problem}.`);
  const dependencies = findDependencies(read);
  const python = input.pythonVersion ?? pinnedVersion(read);
  const { stages, env } =
    dependencies.kind === 'conda'
      ? condaStages(dependencies, acceleratorBaseImage)
      : pythonStages(dependencies, python, acceleratorBaseImage);
  const allEnv = [...env, 'PYTHONUNBUFFERED=1', `PYTHONPATH=${CODE}:${CODE}/src`];
  return [
    '# Made by Slipway from the files of the source. Put a Dockerfile.slipway beside the entrypoint to use your own.',
    ...stages,
    `ENV ${[...allEnv, ...(runAsRoot ? [] : [`HOME=${HOME}`])].join(' ')}`,
    ...(runAsRoot ? [] : [addUser()]),
    `WORKDIR ${CODE}`,
    runAsRoot ? 'COPY . .' : 'COPY --chown=1000:1000 . .',
    ...(runAsRoot ? [] : ['USER 1000:1000']),
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
    '',
  ].join('\n');
}

/** What goes before the code, and the variables of the image. */
interface Stages {
  stages: string[];
  env: string[];
}
const VENV = [`VIRTUAL_ENV=${ENV}`, `PATH=${ENV}/bin:$PATH`];

/** The first line of `.python-version`, where it is a version. */
function pinnedVersion(read: ReadFile): string | null {
  const line = read('.python-version')?.split('\n')[0]?.trim() ?? '';
  return /^3\.\d{1,2}(\.\d{1,3})?$/.test(line) ? line : null;
}

function pythonStages(
  dependencies: Exclude<Dependencies, { kind: 'conda' }>,
  version: string | null,
  accelerator: string | null,
): Stages {
  const [build, final] =
    accelerator === null
      ? [`python:${version ?? DEFAULT_PYTHON}`, `python:${version ?? DEFAULT_PYTHON}-slim`]
      : ['base', 'base'];
  const interpreter =
    accelerator === null ? 'python' : version === null ? 'python3' : `python${minor(version)}`;
  // What the base image brings of Python packages stays usable.
  const options = accelerator === null ? '' : '--system-site-packages ';
  const base = accelerator === null ? [] : [`FROM ${accelerator} AS base`, ...aptPython(version)];
  const install = installLines(dependencies);
  // The programs of an accelerator image call their Python python3; `python` is that of the environment, so there is always one.
  if (install === null && accelerator === null) return { stages: [`FROM ${final}`], env: [] };
  const stages = [
    ...base,
    `FROM ${build} AS build`,
    `RUN ${interpreter} -m venv ${options}${ENV}`,
    `ENV ${VENV.join(' ')} PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1`,
    `WORKDIR ${needsSource(dependencies) ? CODE : '/build'}`,
    ...(install ?? []),
    `FROM ${final}`,
    `COPY --from=build ${ENV} ${ENV}`,
  ];
  return { stages, env: VENV };
}

function aptPython(version: string | null): string[] {
  const packages =
    version === null ? 'python3 python3-venv' : `python${minor(version)} python${minor(version)}-venv`;
  return [
    `RUN export DEBIAN_FRONTEND=noninteractive && apt-get update && apt-get install --yes --no-install-recommends ca-certificates ${packages} && rm -rf /var/lib/apt/lists/*`,
  ];
}

const minor = (version: string) => version.split('.').slice(0, 2).join('.');

/** Instructions that install the packages; null: there are none. */
function installLines(dependencies: Exclude<Dependencies, { kind: 'conda' }>): string[] | null {
  switch (dependencies.kind) {
    case 'none':
      return null;
    case 'pip':
      return dependencies.files === null
        ? ['COPY . .', 'RUN pip install -r requirements.txt']
        : [
            ...dependencies.files.map((file) => `COPY ${file} ${folderOf(file)}`),
            'RUN pip install -r requirements.txt',
          ];
    case 'pyproject':
      return [
        'COPY pyproject.toml ./',
        `RUN python -c 'exec("${PRINT_DEPENDENCIES.replaceAll('"', '\\"')}")' >requirements.txt && pip install -r requirements.txt`,
      ];
    case 'uv':
      return [
        'RUN python -m venv /opt/uv && /opt/uv/bin/pip install uv',
        dependencies.local ? 'COPY . .' : 'COPY pyproject.toml uv.lock ./',
        `RUN UV_PROJECT_ENVIRONMENT=${ENV} UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never /opt/uv/bin/uv sync --frozen --no-dev --no-install-project`,
      ];
    case 'poetry':
      return [
        'RUN python -m venv /opt/poetry && /opt/poetry/bin/pip install poetry',
        dependencies.local
          ? 'COPY . .'
          : `COPY pyproject.toml ${dependencies.locked ? 'poetry.lock ' : ''}./`,
        'RUN /opt/poetry/bin/poetry install --no-root --only main --no-interaction',
      ];
  }
}

/** Whether packages of the source itself are installed: they may be links to where they lie, so that must be where the code will be. */
const needsSource = (dependencies: Exclude<Dependencies, { kind: 'conda' }>): boolean =>
  dependencies.kind === 'pip'
    ? dependencies.files === null
    : (dependencies.kind === 'uv' || dependencies.kind === 'poetry') && dependencies.local;

const folderOf = (file: string) =>
  `./${file
    .split('/')
    .slice(0, -1)
    .map((part) => `${part}/`)
    .join('')}`;

function condaStages(
  { file, local }: Extract<Dependencies, { kind: 'conda' }>,
  accelerator: string | null,
): Stages {
  const stages = [
    `FROM ${CONDA_IMAGE} AS build`,
    `WORKDIR ${local ? CODE : '/build'}`,
    local ? 'COPY . .' : `COPY ${file} ./`,
    `RUN conda env create --yes --prefix ${ENV} --file ${file} && conda clean --all --yes`,
    `FROM ${accelerator ?? PLAIN_IMAGE}`,
    `COPY --from=build ${ENV} ${ENV}`,
  ];
  return { stages, env: [`CONDA_PREFIX=${ENV}`, `PATH=${ENV}/bin:$PATH`] };
}

/** uid 1000 with a home. By hand, since base images differ in their tools and some have the uid already. */
function addUser(): string {
  const passwd = `{ grep -q '^[^:]*:[^:]*:1000:' /etc/passwd 2>/dev/null || echo 'slipway:x:1000:1000::${HOME}:/bin/sh' >>/etc/passwd; }`;
  const group =
    "{ grep -q '^[^:]*:[^:]*:1000:' /etc/group 2>/dev/null || echo 'slipway:x:1000:' >>/etc/group; }";
  return `RUN mkdir -p ${CODE} ${HOME} && ${passwd} && ${group} && chown 1000:1000 ${CODE} ${HOME}`;
}
