import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Home } from '../../server/home/paths.ts';
import { ensurePrivateDirectory, writePrivateFile } from '../../server/home/private-file.ts';
import { installedModels } from '../../server/models/find-model.ts';
import { missingOf } from '../../server/models/wanted.ts';
import { ask } from '../ask.ts';
import { CliError } from '../cli-error.ts';
import { pull } from '../commands/pull.ts';
import { describeTotal } from './statement.ts';
import { wantedBy } from './wanted.ts';

/** A terminal may have nobody before it, and the server is not to wait for them. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * On a terminal, and where no model has been pulled yet, asks once whether the models that fit this machine are
 * wanted, with their size, and gets them. A no is remembered; without an answer the server starts after half a
 * minute, and a pull that fails is told and keeps nobody.
 */
export async function offerModels(home: Home): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  if (existsSync(declinedFile(home)) || (await installedModels(home.modelsDirectory)).length > 0) return;
  const preset = fittingPreset(totalmem());
  await describe(home, preset);
  const question = `See them and get them? [y/N, in ${ANSWER_WITHIN_MS / 1000} s] `;
  switch (await ask(question, { byDefault: 'no', withinMs: ANSWER_WITHIN_MS })) {
    case 'yes':
      return await get(preset);
    case 'no':
      await ensurePrivateDirectory(home.directory);
      await writePrivateFile(declinedFile(home), `${preset}\n`);
      console.error(`As you like. Whenever you want them: samtal pull ${preset}`);
      return;
    case 'none':
      console.error(`The server starts without them. Whenever you want them: samtal pull ${preset}`);
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

async function describe(home: Home, preset: string): Promise<void> {
  const { models, packages } = await missingOf(home, wantedBy('pull', [preset]));
  const titles = models.map(({ title }) => title).join(', ');
  console.error(
    `Samtal works as it is. With the preset "${preset}" it hears, thinks and speaks by neural models that fit this machine: ${titles}.`,
  );
  console.error(describeTotal(models, packages, new Map()));
}

async function get(preset: string): Promise<void> {
  try {
    await pull.run([preset]);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    console.error(`${error.message}\nThe server starts without them. To try again: samtal pull ${preset}`);
  }
}
