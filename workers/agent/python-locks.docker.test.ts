import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateDockerfile } from '@/core/build';
import { docker } from './testing/image';
import { buildRealPythonImage, pypiMissing } from './testing/python-image';

const run = promisify(execFile);
const IMAGE = 'slipway-test-python-locks';
const missing = pypiMissing();
type Files = Record<string, string>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-locks-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await docker('rmi', '--force', IMAGE).catch(() => undefined);
});

const ENTRYPOINT = ['python', 'train.py'];

/** Builds the generated Dockerfile of these files and runs the program: the output of both. */
async function buildAndRun(base: string, files: Files): Promise<{ built: string; said: string }> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const text = generateDockerfile({
    read: (path) => files[path] ?? null,
    entrypoint: ENTRYPOINT,
    pythonVersion: null,
    acceleratorBaseImage: base,
    runAsRoot: false,
  });
  await writeFile(join(folder, 'Dockerfile'), text);
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  const { stdout } = await run(
    'docker',
    ['build', '--force-rm', '--network', 'host', '--tag', IMAGE, folder],
    {
      env,
      maxBuffer: 2 ** 24,
    },
  );
  return { built: stdout, said: await docker('run', '--rm', '--network', 'none', IMAGE) };
}

/** Prints the version of the locked package, which others are there, and a word that changes with the code. */
const program = (word: string) => `import importlib.metadata as m, colorama
there = {d.metadata["Name"] for d in m.distributions()} & {"train", "iniconfig", "helper"}
print(colorama.__version__, sorted(there), "${word}")
`;

// The locks hold an older version than the project would get today.
const HASH = '854bf444933e37f5824ae7bfc1e98d5bce2ebe4160d46b5edf346a89358e99da';
const UV: Files = {
  'pyproject.toml': `[project]
name = "train"
version = "1"
requires-python = ">=3.9"
dependencies = ["colorama >=0.4"]
[dependency-groups]
dev = ["iniconfig ==2.1.0"]
`,
  'uv.lock': `version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "colorama"
version = "0.4.5"
source = { registry = "https://pypi.org/simple" }
wheels = [
    { url = "https://files.pythonhosted.org/packages/77/8b/7550e87b2d308a1b711725dfaddc19c695f8c5fa413c640b2be01662f4e6/colorama-0.4.5-py2.py3-none-any.whl", hash = "sha256:${HASH}", size = 16204 },
]

[[package]]
name = "iniconfig"
version = "2.1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [
    { url = "https://files.pythonhosted.org/packages/2c/e1/e6716421ea10d38022b952c159d5161ca1193197fb744506875fbb87ea7b/iniconfig-2.1.0-py3-none-any.whl", hash = "sha256:9deba5723312380e77435581c6bf4935c94cbfab9b1ed33ef8d238ea168eb760", size = 6050 },
]

[[package]]
name = "train"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "colorama" },
]

[package.dev-dependencies]
dev = [
    { name = "iniconfig" },
]

[package.metadata]
requires-dist = [{ name = "colorama", specifier = ">=0.4" }]

[package.metadata.requires-dev]
dev = [{ name = "iniconfig", specifier = "==2.1.0" }]
`,
};
/** Mirrors of PyPI need only have its simple index, which Poetry asks where the source is named. */
const SIMPLE = `
[package.source]
type = "legacy"
url = "https://pypi.org/simple"
reference = "simple"
`;
const POETRY: Files = {
  'pyproject.toml': `[tool.poetry]
name = "train"
version = "1.0.0"
description = ""
authors = []
[tool.poetry.dependencies]
python = "^3.9"
colorama = "^0.4"
[tool.poetry.group.dev.dependencies]
iniconfig = "*"
[[tool.poetry.source]]
name = "simple"
url = "https://pypi.org/simple/"
`,
  'poetry.lock': `[[package]]
name = "colorama"
version = "0.4.5"
description = "Cross-platform colored terminal text."
optional = false
python-versions = ">=2.7"
groups = ["main"]
files = [
    {file = "colorama-0.4.5-py2.py3-none-any.whl", hash = "sha256:${HASH}"},
]
${SIMPLE}
[[package]]
name = "iniconfig"
version = "2.1.0"
description = "brain-dead simple config-ini parsing"
optional = false
python-versions = ">=3.8"
groups = ["dev"]
files = [
    {file = "iniconfig-2.1.0-py3-none-any.whl", hash = "sha256:9deba5723312380e77435581c6bf4935c94cbfab9b1ed33ef8d238ea168eb760"},
]
${SIMPLE}
[metadata]
lock-version = "2.1"
python-versions = "^3.9"
content-hash = "0facdad54b0355c306601f703c35e62e928df5fd6d23f7205fa2773d96cb9d05"
`,
};

describe.skipIf(missing !== null)(
  `a generated Dockerfile, with the real installer${missing === null ? '' : ` (${missing})`}`,
  () => {
    let base: string;
    beforeAll(async () => {
      base = await buildRealPythonImage('pypi');
    });

    it.each([
      ['uv', UV, /uv sync .*\n ---> Using cache/],
      ['poetry', POETRY, /poetry install .*\n ---> Using cache/],
    ])(
      '%s installs what its lock holds, without the project and its tools, and not again for changed code',
      { timeout: 180_000 },
      async (_name, files, cached) => {
        const first = await buildAndRun(base, { ...files, 'train.py': program('one') });
        expect(first.said, first.built).toBe('0.4.5 [] one');
        const second = await buildAndRun(base, { ...files, 'train.py': program('two') });
        expect(second.said).toBe('0.4.5 [] two');
        expect(second.built).toMatch(cached);
      },
    );
  },
);
