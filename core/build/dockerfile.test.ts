import { describe, expect, it } from 'vitest';
import { chooseDockerfile, generateDockerfile } from '.';

type Files = Record<string, string>;
const reader = (files: Files) => (path: string) => files[path] ?? null;
const generate = (files: Files, rest: Partial<Parameters<typeof generateDockerfile>[0]> = {}) =>
  generateDockerfile({
    read: reader(files),
    entrypoint: ['python', 'train.py'],
    pythonVersion: null,
    acceleratorBaseImage: null,
    runAsRoot: false,
    ...rest,
  });
/** Without what all have in common. */
const head = (files: Files, rest?: Parameters<typeof generate>[1]) =>
  generate(files, rest).split('\nRUN mkdir -p /app')[0]?.split('\n').slice(1);

describe('a generated Dockerfile', () => {
  it('installs requirements in a stage of their own, before the code, and runs as uid 1000', () => {
    expect(generate({ 'requirements.txt': 'numpy\n' }, { pythonVersion: '3.11' })).toMatchInlineSnapshot(`
      "# Made by Slipway from the files of the source. Put a Dockerfile.slipway beside the entrypoint to use your own.
      FROM python:3.11 AS build
      RUN python -m venv /env
      ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
      WORKDIR /build
      COPY requirements.txt ./
      RUN pip install -r requirements.txt
      FROM python:3.11-slim
      COPY --from=build /env /env
      ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/src HOME=/home/slipway
      RUN mkdir -p /app /home/slipway && { grep -q '^[^:]*:[^:]*:1000:' /etc/passwd 2>/dev/null || echo 'slipway:x:1000:1000::/home/slipway:/bin/sh' >>/etc/passwd; } && { grep -q '^[^:]*:[^:]*:1000:' /etc/group 2>/dev/null || echo 'slipway:x:1000:' >>/etc/group; } && chown 1000:1000 /app /home/slipway
      WORKDIR /app
      COPY --chown=1000:1000 . .
      USER 1000:1000
      ENTRYPOINT ["python","train.py"]
      "
    `);
  });

  it('runs as root where the platform wants it', () => {
    const text = generate({}, { runAsRoot: true });
    expect(text).toContain('\nCOPY . .\n');
    expect(text).not.toMatch(/USER|1000/);
  });

  it('takes Python by apt-get on an accelerator image', () => {
    expect(
      head(
        { 'requirements.txt': '' },
        { acceleratorBaseImage: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04', pythonVersion: '3.10.4' },
      ),
    ).toMatchInlineSnapshot(`
      [
        "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04 AS base",
        "RUN export DEBIAN_FRONTEND=noninteractive && apt-get update && apt-get install --yes --no-install-recommends ca-certificates python3.10 python3.10-venv && rm -rf /var/lib/apt/lists/*",
        "FROM base AS build",
        "RUN python3.10 -m venv --system-site-packages /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1",
        "WORKDIR /build",
        "COPY requirements.txt ./",
        "RUN pip install -r requirements.txt",
        "FROM base",
        "COPY --from=build /env /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/src HOME=/home/slipway",
      ]
    `);
    expect(head({}, { acceleratorBaseImage: 'nvidia/cuda:1' })).toContain(
      'RUN export DEBIAN_FRONTEND=noninteractive && apt-get update && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv && rm -rf /var/lib/apt/lists/*',
    );
  });

  it('installs by the lock of uv or poetry, without the project itself', () => {
    expect(head({ 'pyproject.toml': '', 'uv.lock': '' })).toMatchInlineSnapshot(`
      [
        "FROM python:3.12 AS build",
        "RUN python -m venv /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1",
        "WORKDIR /build",
        "RUN python -m venv /opt/uv && /opt/uv/bin/pip install uv",
        "COPY pyproject.toml uv.lock ./",
        "RUN UV_PROJECT_ENVIRONMENT=/env UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never /opt/uv/bin/uv sync --frozen --no-dev --no-install-project",
        "FROM python:3.12-slim",
        "COPY --from=build /env /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/src HOME=/home/slipway",
      ]
    `);
    expect(head({ 'pyproject.toml': '', 'poetry.lock': '' })).toMatchInlineSnapshot(`
      [
        "FROM python:3.12 AS build",
        "RUN python -m venv /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1",
        "WORKDIR /build",
        "RUN python -m venv /opt/poetry && /opt/poetry/bin/pip install poetry",
        "COPY pyproject.toml poetry.lock ./",
        "RUN /opt/poetry/bin/poetry install --no-root --only main --no-interaction",
        "FROM python:3.12-slim",
        "COPY --from=build /env /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/src HOME=/home/slipway",
      ]
    `);
    expect(head({ 'pyproject.toml': '[tool.poetry]\n' })?.join()).toContain('COPY pyproject.toml ./');
  });

  it('takes the whole source where a lock names packages of it, and to where they will be', () => {
    const own = ['WORKDIR /app', 'COPY . .'];
    const project = { 'pyproject.toml': '' };
    const uv = (source: string) => head({ ...project, 'uv.lock': `source = { ${source} }` });
    for (const source of ['editable = "libs/a"', 'directory = "../x"', 'path = "a.whl"'])
      expect(uv(source), source).toEqual(expect.arrayContaining(own));
    for (const source of ['virtual = "."', 'editable = "."', 'registry = "https://x.y/simple"'])
      expect(uv(source), source).not.toContain('COPY . .');
    const locked = { ...project, 'poetry.lock': '[package.source]\ntype = "directory"\nurl = "libs/a"\n' };
    expect(head(locked)).toEqual(expect.arrayContaining(own));
    const unlocked = {
      'pyproject.toml': '[tool.poetry.dependencies]\na = {path = "libs/a", develop = true}\n',
    };
    expect(head(unlocked)).toEqual(expect.arrayContaining(own));
    expect(head({ 'requirements.txt': '-e libs/a\n' })).toEqual(expect.arrayContaining(own));
  });

  it('installs what pyproject.toml depends on', () => {
    expect(head({ 'pyproject.toml': '[project]\n' })).toMatchInlineSnapshot(`
      [
        "FROM python:3.12 AS build",
        "RUN python -m venv /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1",
        "WORKDIR /build",
        "COPY pyproject.toml ./",
        "RUN python -c 'exec("try: import tomllib\\nexcept ImportError: import pip._vendor.tomli as tomllib\\nprint(*tomllib.load(open(\\"pyproject.toml\\",\\"rb\\")).get(\\"project\\",{}).get(\\"dependencies\\",[]),sep=chr(10))")' >requirements.txt && pip install -r requirements.txt",
        "FROM python:3.12-slim",
        "COPY --from=build /env /env",
        "ENV VIRTUAL_ENV=/env PATH=/env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/src HOME=/home/slipway",
      ]
    `);
  });

  it('makes the environment of a conda file', () => {
    expect(head({ 'environment.yml': '' })).toMatchInlineSnapshot(`
      [
        "FROM condaforge/miniforge3:latest AS build",
        "WORKDIR /build",
        "COPY environment.yml ./",
        "RUN conda env create --yes --prefix /env --file environment.yml && conda clean --all --yes",
        "FROM debian:bookworm-slim",
        "COPY --from=build /env /env",
        "ENV CONDA_PREFIX=/env PATH=/env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/src HOME=/home/slipway",
      ]
    `);
    const pip = (line: string) =>
      head({ 'environment.yml': `dependencies:\n  - python=3.12\n  - pip:\n      - ${line}\n` });
    for (const line of ['-r req/base.txt', '-e .', './lib'])
      expect(pip(line), line).toEqual(expect.arrayContaining(['WORKDIR /app', 'COPY . .']));
    expect(pip('numpy')).toContain('COPY environment.yml ./');
    expect(head({ 'conda.yaml': '' }, { acceleratorBaseImage: 'cuda:1' })).toContain('FROM cuda:1');
  });

  it('needs one stage when there is nothing to install', () => {
    expect(head({})?.[0]).toBe('FROM python:3.12-slim');
    expect(head({ '.python-version': '3.13\n' })?.[0]).toBe('FROM python:3.13-slim');
    expect(head({ '.python-version': 'pypy\nRUN evil' })?.[0]).toBe('FROM python:3.12-slim');
  });

  it('copies what the requirements include, or everything when they are of the source itself', () => {
    const base = { 'requirements.txt': '-r req/base.txt\n-c https://x.y/c.txt\nnumpy # -e .\n' };
    const nested = { ...base, 'req/base.txt': '--constraint=../pins.txt\n', 'pins.txt': 'a==1' };
    expect(head(nested)).toEqual(
      expect.arrayContaining([
        'COPY requirements.txt ./',
        'COPY req/base.txt ./req/',
        'COPY pins.txt ./',
        'RUN pip install -r requirements.txt',
      ]),
    );
    for (const line of [
      '-e .',
      './lib',
      'pkg @ file:///x',
      '-r ../outside.txt',
      '-r a$b.txt',
      '-r missing.txt',
      'a.whl',
    ])
      expect(head({ 'requirements.txt': `numpy\n${line}\n` }), line).toContain('COPY . .');
  });

  it('holds any entrypoint as one line of JSON', () => {
    const entrypoint = ['python', '-c', 'print("a b")\nprint($HOME)\\'];
    const line = generate({}, { entrypoint }).trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(line.slice('ENTRYPOINT '.length))).toEqual(entrypoint);
  });

  it('refuses a base image that would be more than a name', () => {
    expect(() => generate({}, { acceleratorBaseImage: 'x\nRUN evil' })).toThrow(/accelerator\.base_image/);
  });
});

describe('the Dockerfile of a job', () => {
  const choose = (files: string[], entrypoint: string[] = [], named: string | null = null) =>
    chooseDockerfile({ named, entrypoint }, (path) => files.includes(path));
  const own = (path: string) => ({ kind: 'own', path });

  it('is the one it names', () => {
    expect(choose(['Dockerfile.wandb'], [], './docker//Dockerfile')).toEqual(own('docker/Dockerfile'));
  });
  it('else lies beside the entrypoint, else at the top', () => {
    const files = [
      'a/train.py',
      'a/Dockerfile.slipway',
      'a/b/__main__.py',
      'a/b/Dockerfile.wandb',
      'Dockerfile.wandb',
    ];
    expect(choose(files, ['python', './a/train.py'])).toEqual(own('a/Dockerfile.slipway'));
    expect(choose(files, ['python', '-m', 'a.b'])).toEqual(own('a/b/Dockerfile.wandb'));
    expect(choose(files, ['python', '-m', 'a.train'])).toEqual(own('a/Dockerfile.slipway'));
    expect(choose(files, ['bash'])).toEqual(own('Dockerfile.wandb'));
    expect(choose([...files, 'a/Dockerfile.wandb'], ['a/train.py'])).toEqual(own('a/Dockerfile.wandb'));
  });
  it('else is generated, under a name of its own', () => {
    expect(choose(['Dockerfile'])).toEqual({ kind: 'generated', path: 'Dockerfile.slipway-generated' });
    expect(choose(['Dockerfile.slipway-generated'])).toEqual({
      kind: 'generated',
      path: 'Dockerfile.slipway-generated-2',
    });
  });
});
