import { parseArgs } from 'node:util';
import { nearestName } from '../server/config/nearest-name.ts';
import { UsageError } from './cli-error.ts';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for the value in the help, such as `port`. */
  readonly value?: string;
  readonly description: string;
}

type Options = Readonly<Record<string, Option>>;

type Values<T extends Options> = {
  readonly [Name in keyof T]?: T[Name]['type'] extends 'boolean' ? boolean : string;
};

interface CommandDefinition<T extends Options> {
  readonly name: string;
  readonly argument?: {
    readonly name: string;
    readonly description: string;
    /** There may be several, and none. */
    readonly isRepeated?: boolean;
  };
  readonly options: T;
  /** @throws {CliError} when it can not do its work. */
  run(input: Input<T>): Promise<void>;
}

interface Input<T extends Options> {
  readonly options: Values<T>;
  readonly argument: string;
  /** All of them, where it is one that is repeated. */
  readonly all?: readonly string[];
}

export interface Command {
  /** How to call it and what its options are. */
  readonly help: string;
  /** @throws {UsageError} when the arguments are not those of the command. */
  run(argv: readonly string[]): Promise<void>;
}

export function defineCommand<const T extends Options>(definition: CommandDefinition<T>): Command {
  return {
    help: helpOf(definition),
    run: async (argv) => await definition.run(parse(definition, argv)),
  };
}

function parse<T extends Options>(
  { name, argument, options }: CommandDefinition<T>,
  argv: readonly string[],
): Input<T> {
  const { values, positionals } = parseStrictly(name, options, argv);
  const [first, second] = positionals;
  // The options were parsed as their definitions say, which the general type of parseArgs does not tell.
  const input = { options: values as Values<T>, argument: first ?? '' };
  if (argument?.isRepeated) return { ...input, all: positionals };
  const surplus = argument ? second : first;
  if (surplus !== undefined) {
    const advice = argument ? ` Put quotes around a ${argument.name} with spaces.` : '';
    throw new UsageError(`"${surplus}" is one argument too many for samtal ${name}.${advice}`);
  }
  if (argument && first === undefined) {
    throw new UsageError(`samtal ${name} needs a ${argument.name}: ${argument.description}`);
  }
  return input;
}

function parseStrictly(name: string, options: Options, argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${unknownOption(name, options, argv) ?? error.message}`);
  }
}

function unknownOption(name: string, options: Options, argv: readonly string[]): string | undefined {
  const known = Object.keys(options);
  const shorts = known.map((option) => options[option]?.short);
  for (const argument of argv) {
    const [, long, short] = /^--([^=]+)|^-([^-])/.exec(argument) ?? [];
    const isKnown = long === undefined ? shorts.includes(short) : known.includes(long);
    if (argument === '--') return undefined;
    if ((long === undefined && short === undefined) || isKnown) continue;
    const nearest = nearestName(long ?? '', known);
    const advice = nearest ? `Did you mean --${nearest}?` : `samtal ${name} --help lists those there are.`;
    return `samtal ${name} has no option ${argument.split('=')[0]}. ${advice}`;
  }
  return undefined;
}

function helpOf<T extends Options>({ name, argument, options }: CommandDefinition<T>): string {
  const rows = Object.entries<Option>(options).map(([option, { short, value, description }]) => {
    const names = `${short ? `-${short}, ` : ''}--${option}${value ? ` <${value}>` : ''}`;
    return [names, description] as const;
  });
  const placeholder = argument?.isRepeated ? ` [<${argument.name}>…]` : argument ? ` <${argument.name}>` : '';
  const usage = `Usage: samtal ${name}${placeholder} [options]`;
  const argumentRows = argument ? [[`<${argument.name}>`, argument.description] as const] : [];
  return [usage, '', ...formatRows([...argumentRows, ...rows, ['-h, --help', 'Shows this.']])].join('\n');
}

/** Two columns, the first as wide as its widest. */
export function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
}
