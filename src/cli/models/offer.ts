import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Home } from '../../server/home/paths.ts';
import { ensurePrivateDirectory, writePrivateFile } from '../../server/home/private-file.ts';
import { installedModels } from '../../server/models/find-model.ts';
import { missingOf } from '../../server/models/wanted.ts';
import { CliError } from '../cli-error.ts';
import { pull } from '../commands/pull.ts';
import { describeTotal } from './statement.ts';
import { wantedBy } from './wanted.ts';

/**
 * On a terminal, and where no model has been pulled yet, asks once whether the models that fit this machine are
 * wanted, with their size, and gets them. A no is remembered; a pull that fails is told, and keeps nobody.
 */
export async function offerModels(home: Home): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  if (existsSync(declinedFile(home)) || (await installedModels(home.modelsDirectory)).length > 0) return;
  const preset = fittingPreset(totalmem());
  if (!(await isAccepted(home, preset))) {
    await ensurePrivateDirectory(home.directory);
    await writePrivateFile(declinedFile(home), `${preset}\n`);
    console.error(`As you like. Whenever you want them: samtal pull ${preset}`);
    return;
  }
  try {
    await pull.run([preset]);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    console.error(`${error.message}\nThe server starts without them. To try again: samtal pull ${preset}`);
  }
}

/** Of the presets, the largest that is made for a machine with so much memory. */
export function fittingPreset(memoryBytes: number): 'small' | 'balanced' | 'best' {
  if (memoryBytes >= 15_000_000_000) return 'best';
  return memoryBytes >= 7_500_000_000 ? 'balanced' : 'small';
}

function declinedFile({ directory }: Home): string {
  return join(directory, 'models-declined');
}

async function isAccepted(home: Home, preset: string): Promise<boolean> {
  const { models, packages } = await missingOf(home, wantedBy('pull', [preset]));
  console.error(
    `Samtal works as it is. With the preset "${preset}" it hears, thinks and speaks by neural models that fit this machine: ${models.map(({ title }) => title).join(', ')}.`,
  );
  console.error(describeTotal(models, packages, new Map()));
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('See them and get them? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}
