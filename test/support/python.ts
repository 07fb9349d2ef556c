import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '../quickstarts/program.ts';

const project = resolve(import.meta.dirname, '../..');

/** A Python with the packages of a requirements file, made once and kept in the project's cache under `name`. */
export async function preparePython(name: string, requirements: string): Promise<string> {
  const folder = join(project, '.cache', name);
  const python = join(folder, 'bin/python');
  const mark = join(folder, 'installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if ((await readFile(mark, 'utf8').catch(() => '')) === wanted) return python;
  const options = { cwd: project, env: process.env };
  await run('python3', ['-m', 'venv', folder], options);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await run(python, install, options);
  await writeFile(mark, wanted);
  return python;
}
