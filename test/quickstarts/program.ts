import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');

export type Edition = 'gpt-4o-audio-preview' | 'gpt-4o-mini-audio-preview';

/**
 * Slips of the documents themselves, mended as each reader must mend them: without it the program is no
 * Python. Nothing else is changed.
 */
const KNOWN_SLIPS: readonly (readonly [file: string, wrong: RegExp, right: string])[] = [
  ['from-audio.py', /(azure_endpoint=endpoint)(\s*\n\s*api_version)/, '$1,$2'],
];

/** Copies the programs of a folder into one of their own, in the edition that names `model`. */
export async function copyPrograms(from: string, model: Edition): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'samtal-quickstart-'));
  await cp(from, folder, { recursive: true });
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    let text = (await readFile(path, 'utf8')).replaceAll('gpt-4o-audio-preview', model);
    for (const [name, wrong, right] of KNOWN_SLIPS) if (file === name) text = text.replace(wrong, right);
    await writeFile(path, text);
  }
  return folder;
}

/** What `npm install openai @azure/identity dotenv` gives a reader: the project has the same packages. */
export async function installNodePackages(folder: string, type: 'commonjs' | 'module'): Promise<void> {
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type }));
}

/** `tsc` writes what it has checked even where types do not fit; any fault but `knownFault` is one. */
export async function compile(folder: string, knownFault?: RegExp): Promise<void> {
  const compiler = join(project, 'node_modules/.bin/tsc');
  try {
    await run(compiler, ['--types', 'node'], { cwd: folder, env: process.env });
  } catch (error) {
    if (!knownFault?.test(String(error))) throw error;
  }
}

/** Runs a program to its end and gives what it printed. Fails when it failed. */
export async function run(
  command: string,
  words: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let faults = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    faults += piece.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  // The JavaScript programs catch their own errors, print them and end with 0.
  if (code !== 0 || /Error occurred/.test(faults)) {
    throw new Error(`${command} ${words.join(' ')} failed (${code}).\n${faults}\n${output.slice(-2000)}`);
  }
  return output;
}
