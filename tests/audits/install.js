import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';

import { run } from './command.js';
import { TARGET } from './paths.js';

/** Installs the packages of a lock file, unless they are there already. */
export async function installNodePackages(directory) {
  const marker = new URL('node_modules/.installed', directory);
  const wanted = await digest(new URL('package-lock.json', directory));
  if ((await contentOf(marker)) === wanted) return;
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory });
  await writeFile(marker, wanted);
}

/** Installs pinned packages into an environment of their own, unless it is there already. Returns its programs. */
export async function installPythonPackages(requirements) {
  const wanted = await digest(requirements);
  const environment = new URL(`audits/python-${wanted.slice(0, 16)}/`, TARGET);
  const programs = new URL('bin/', environment);
  const marker = new URL('.installed', environment);
  if ((await contentOf(marker)) !== wanted) {
    await rm(environment, { recursive: true, force: true });
    await mkdir(environment, { recursive: true });
    await run('python3', ['-m', 'venv', environment.pathname]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements.pathname];
    await run(new URL('python', programs).pathname, pip);
    await writeFile(marker, wanted);
  }
  return programs;
}

async function digest(file) {
  return createHash('sha256').update(await readFile(file)).digest('hex');
}

async function contentOf(file) {
  return readFile(file, 'utf8').catch(() => undefined);
}
