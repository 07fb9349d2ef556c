import { styleText } from 'node:util';
import { type Config, ConfigError, findConfigFile, loadConfig } from '../../server/config/index.ts';
import { findHome } from '../../server/home/paths.ts';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { checkServedDeployments } from '../doctor/check-deployments.ts';
import { checkEngines } from '../doctor/check-engines.ts';
import { checkCertificate, checkHome, checkNode, checkServer } from '../doctor/check-machine.ts';
import { broken, type Finding, good } from '../doctor/finding.ts';
import type { Trial } from '../doctor/try-engines.ts';
import { withProgress } from '../progress.ts';

export const doctor = defineCommand({
  name: 'doctor',
  options: {
    config: { type: 'string', value: 'file', description: 'The configuration file.' },
    speak: { type: 'boolean', description: 'Speaks sentences, and tells how soon and how fast.' },
    hear: { type: 'boolean', description: 'Hears what was spoken, and tells the share of wrong words.' },
    think: { type: 'boolean', description: 'Asks a question, and tells the answer and how soon it came.' },
    json: { type: 'boolean', description: 'Prints the findings as JSON.' },
  },
  run: async ({ options }) => {
    const findings = await withProgress(
      'Checking',
      examine(options.config, {
        speak: options.speak ?? false,
        hear: options.hear ?? false,
        think: options.think ?? false,
      }),
    );
    console.log(options.json ? JSON.stringify(findings, null, 2) : findings.map(format).join('\n'));
    const faults = findings.filter(({ status }) => status === 'broken');
    if (faults.length > 0) throw new CliError(`not in order: ${faults.map(({ check }) => check).join(', ')}`);
  },
});

async function examine(path: string | undefined, trial: Trial): Promise<readonly Finding[]> {
  const home = findHome(process.env);
  const findings = [checkNode(), await checkHome(home)];
  const source = { path, cwd: process.cwd(), env: process.env };
  let config: Config;
  try {
    config = loadConfig(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...findings, broken('configuration', error.message, 'See docs/guide/configuration.md.')];
  }
  return [
    ...findings,
    good('configuration', findConfigFile(source) ?? 'none; everything has its default'),
    await checkServer(home, config.server),
    await checkCertificate(home, config.server, new Date()),
    ...(await checkEngines(config, home, trial)),
    ...(await checkServedDeployments(home)),
  ];
}

const MARKS = {
  good: styleText('green', '✓', { stream: process.stdout }),
  note: styleText('yellow', '!', { stream: process.stdout }),
  broken: styleText('red', '✗', { stream: process.stdout }),
} as const;

function format({ check, status, detail, remedy }: Finding): string {
  const indent = ' '.repeat(17);
  const text = detail.replaceAll('\n', `\n${indent}`);
  return `${MARKS[status]} ${check.padEnd(14)} ${text}${remedy ? `\n${indent}→ ${remedy}` : ''}`;
}
