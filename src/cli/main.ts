import { ConfigError } from '../server/config/config-error.ts';
import { nearestName } from '../server/config/nearest-name.ts';
import { HomeInUseError } from '../server/home/claim.ts';
import { VERSION } from '../server/version.ts';
import { CliError, UsageError } from './cli-error.ts';
import { type Command, formatRows } from './command.ts';

interface CommandEntry {
  readonly summary: string;
  /** `samtal key` needs none of what `samtal serve` is made of. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'Runs the server until it is stopped with Ctrl-C.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  env: {
    summary: 'Prints the variables that lead your programs to the running server.',
    load: async () => (await import('./commands/env.ts')).env,
  },
  key: {
    summary: 'Prints the key for this server and nothing else.',
    load: async () => (await import('./commands/key.ts')).key,
  },
  playground: {
    summary: 'Prints a link to the page of the running server, where you can talk to it.',
    load: async () => (await import('./commands/playground.ts')).playground,
  },
  doctor: {
    summary: 'Checks this machine, the configuration and the engines, and says what to do.',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  deployments: {
    summary: 'Lists, creates, changes and deletes the deployments of the running server.',
    load: async () => (await import('./commands/deployments.ts')).deployments,
  },
  pull: {
    summary: 'Gets models, and engines that are too big to come along, or lists those there are.',
    load: async () => (await import('./commands/pull.ts')).pull,
  },
  models: {
    summary: 'Lists the models that are there, whether they are whole, and those that can be had.',
    load: async () => (await import('./commands/models.ts')).models,
  },
  remove: {
    summary: 'Removes models and engines that were pulled.',
    load: async () => (await import('./commands/remove.ts')).remove,
  },
  say: {
    summary: 'Speaks a text into a sound file, on the running server.',
    load: async () => (await import('./commands/say.ts')).say,
  },
  transcribe: {
    summary: 'Writes down what is said in a sound file, on the running server.',
    load: async () => (await import('./commands/transcribe.ts')).transcribe,
  },
  config: {
    summary: 'Checks the configuration and prints it with all defaults.',
    load: async () => (await import('./commands/config.ts')).config,
  },
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
  const [about] = rest;
  if (name === 'help' && about !== undefined && !about.startsWith('-')) return await run([about, '--help']);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help());
    return;
  }
  if (name === '--version' || name === '-v') {
    console.log(VERSION);
    return;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) throw new UsageError(`There is no command "${name}". ${advice(name)}`);
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(`${entry.summary}\n\n${command.help}`);
    return;
  }
  await command.run(rest);
}

function advice(name: string): string {
  const nearest = nearestName(name, Object.keys(COMMANDS));
  return nearest ? `Did you mean samtal ${nearest}?` : 'samtal --help lists those there are.';
}

function help(): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary] as const);
  return [
    'Samtal: the OpenAI and Azure OpenAI speech APIs on your own machine.',
    '',
    'Usage: samtal <command> [options]',
    '',
    ...formatRows(rows),
    '',
    'samtal <command> --help explains a command. Start with: samtal serve',
  ].join('\n');
}

function describeError(error: unknown): string {
  const isForPeople =
    error instanceof CliError || error instanceof ConfigError || error instanceof HomeInUseError;
  if (isForPeople) return `samtal: ${error.message}`;
  if (isFileFault(error)) {
    return `samtal: ${error.message}. Make it yours to read and write, or choose another folder with SAMTAL_HOME`;
  }
  return `samtal: something unexpected happened\n${error instanceof Error ? error.stack : String(error)}`;
}

/** What the system says of a file of the home names the file, and a stack would only hide it. */
function isFileFault(error: unknown): error is Error {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return false;
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(String(error.code));
}
