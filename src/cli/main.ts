import { ConfigError } from '../server/config/config-error.ts';
import { nearestName } from '../server/config/nearest-name.ts';
import { HomeInUseError } from '../server/home/claim.ts';
import { VERSION } from '../server/version.ts';
import { CliError, UsageError } from './cli-error.ts';
import { type Command, formatRows } from './command.ts';

/** Loaded when asked for: `samtal key` needs none of what `samtal serve` is made of. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  env: async () => (await import('./commands/env.ts')).env,
  key: async () => (await import('./commands/key.ts')).key,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  say: async () => (await import('./commands/say.ts')).say,
  transcribe: async () => (await import('./commands/transcribe.ts')).transcribe,
  config: async () => (await import('./commands/config.ts')).config,
};

/** Runs the command line and sets the exit code of the process: 0, 1 for a failure, 2 for a wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await run(argv);
  } catch (error) {
    process.exitCode = error instanceof CliError ? error.exitCode : 1;
    console.error(describeError(error));
  }
}

async function run(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(await help());
    return;
  }
  if (name === '--version' || name === '-v') {
    console.log(VERSION);
    return;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) throw new UsageError(`There is no command "${name}". ${advice(name)}`);
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(command.help);
    return;
  }
  await command.run(rest);
}

function advice(name: string): string {
  const nearest = nearestName(name, Object.keys(COMMANDS));
  return nearest ? `Did you mean samtal ${nearest}?` : 'samtal --help lists those there are.';
}

async function help(): Promise<string> {
  const rows = Object.entries(COMMANDS).map(async ([name, load]) => [name, (await load()).summary] as const);
  return [
    'Samtal: the OpenAI and Azure OpenAI speech APIs on your own machine.',
    '',
    'Usage: samtal <command> [options]',
    '',
    ...formatRows(await Promise.all(rows)),
    '',
    'samtal <command> --help explains a command. Start with: samtal serve',
  ].join('\n');
}

function describeError(error: unknown): string {
  const isForPeople =
    error instanceof CliError || error instanceof ConfigError || error instanceof HomeInUseError;
  if (isForPeople) return `samtal: ${error.message}`;
  return `samtal: something unexpected happened\n${error instanceof Error ? error.stack : String(error)}`;
}
