import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildTestImage } from './image';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Why no image with a real Python can be made here; null where it can. */
export const realPythonMissing: string | null = (() => {
  const { status } = spawnSync(PYTHON, ['-c', 'import venv, ensurepip']);
  return status === 0 ? null : `${PYTHON} with venv is not installed`;
})();

/** Why nothing can be installed from PyPI here; null where it can. Asks it. */
export function pypiMissing(): string | null {
  if (realPythonMissing !== null) return realPythonMissing;
  const ask = 'import urllib.request as u; u.urlopen("https://pypi.org/simple/colorama/", timeout=10)';
  return spawnSync(PYTHON, ['-c', ask]).status === 0 ? null : 'PyPI cannot be reached';
}

/** Prints the files that Python needs: the program, its library without what is never used, the shared objects of both. */
const LIST_FILES = `
CERTIFICATES = '${CERTIFICATES}'
import glob, os, subprocess, sys, sysconfig
library = sysconfig.get_path('stdlib')
program = os.path.realpath(sys.executable)
unused = {'__pycache__', 'test', 'tests', 'idlelib', 'lib2to3', 'dist-packages', 'site-packages', 'pydoc_data', 'turtledemo', 'tkinter'}
files = [program]
for folder, folders, names in os.walk(library):
    folders[:] = [name for name in folders if name not in unused and not name.startswith('config-')]
    files += [os.path.join(folder, name) for name in names]
# Debian keeps what ensurepip installs beside the library.
files += glob.glob('/usr/share/python-wheels/*.whl')
# Parts of the C library that programs in wheels ask for.
for name in ('libgcc_s.so.1', 'librt.so.1', 'libpthread.so.0', 'libdl.so.2', 'libutil.so.1', 'libm.so.6', 'libresolv.so.2', 'libnss_dns.so.2'):
    files += glob.glob('/lib/*-linux-gnu*/' + name)
files += [path for path in (CERTIFICATES,) if os.path.exists(path)]
objects = [program] + [name for name in files if name.endswith('.so')]
listed = subprocess.run(['ldd', *objects], capture_output=True, text=True).stdout
files += {word for line in listed.splitlines() for word in line.split() if word.startswith('/') and not word.endswith(':')}
print('\\n'.join(sorted(set(files))))
print(program)
`;

/** Writes a wheel, a package of one module, into the folder that is the argument. */
const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '/lighthouse-1.2-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('lighthouse.py', 'def shine():\\n    return "the lighthouse shines"\\n')
    wheel.writestr('lighthouse-1.2.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: lighthouse\\nVersion: 1.2\\n')
    wheel.writestr('lighthouse-1.2.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('lighthouse-1.2.dist-info/RECORD', 'lighthouse.py,,\\nlighthouse-1.2.dist-info/METADATA,,\\nlighthouse-1.2.dist-info/WHEEL,,\\nlighthouse-1.2.dist-info/RECORD,,\\n')
`;

/**
 * A base image with the Python and pip of this machine, as no image can be counted on to be pulled. Installers ask PyPI, or (`offline`)
 * pip finds one package, `lighthouse`, in a folder of the image. Gives its name.
 */
export async function buildRealPythonImage(packages: 'offline' | 'pypi' = 'offline'): Promise<string> {
  const base = await buildTestImage();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  try {
    const { stdout } = await run(PYTHON, ['-c', LIST_FILES], { maxBuffer: 2 ** 24 });
    const files = stdout.trim().split('\n');
    const program = files.pop() ?? PYTHON;
    const root = join(folder, 'root');
    await mkdir(join(root, 'wheels'), { recursive: true });
    for (let i = 0; i < files.length; i += 500)
      await run('cp', ['--dereference', '--parents', ...files.slice(i, i + 500), root]);
    await run(PYTHON, ['-c', MAKE_WHEEL, join(root, 'wheels')]);
    await mkdir(join(root, 'etc'), { recursive: true });
    if (packages === 'offline')
      await writeFile(join(root, 'etc/pip.conf'), '[global]\nno-index = true\nfind-links = /wheels\n');
    const trust = ['PIP_CERT', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'].map(
      (name) => `${name}=${CERTIFICATES}`,
    );
    await mkdir(join(root, 'usr/local/bin'), { recursive: true });
    await writeFile(join(root, 'usr/local/bin/apt-get'), '#!/bin/sh\necho "apt-get $*"\n', { mode: 0o755 });
    await writeFile(
      join(folder, 'Dockerfile'),
      `FROM ${base}\nCOPY root /\nENV PATH=/usr/local/bin:/usr/bin:/bin ${trust.join(' ')}\nRUN mkdir -p -m 1777 /tmp && ln -sf ${program} /usr/bin/python3\n`,
    );
    const image = `slipway-test-python:real-${packages}`;
    await run('docker', ['build', '--tag', image, folder], { env: { ...process.env, DOCKER_BUILDKIT: '0' } });
    return image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
