/** Stands in a value for what a program computes, such as the contents of a file. */
export class Expression {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** How a programming language writes plain data. */
export interface LiteralStyle {
  readonly text: (value: string) => string;
  readonly key: (name: string) => string;
  readonly constants: Readonly<Record<'true' | 'false' | 'null', string>>;
  readonly indent: string;
  /** Stands after the last entry of what takes several lines. */
  readonly lastComma: '' | ',';
  /** Inside the braces of what fits a line. */
  readonly padding: '' | ' ';
}

export const typescriptLiterals: LiteralStyle = {
  text: toTypescriptText,
  key: (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : toTypescriptText(name)),
  constants: { true: 'true', false: 'false', null: 'null' },
  indent: '  ',
  lastComma: ',',
  padding: ' ',
};

/** JSON's escapes are all escapes of Python's too. */
export const pythonLiterals: LiteralStyle = {
  text: (value) => JSON.stringify(value),
  key: (name) => JSON.stringify(name),
  constants: { true: 'True', false: 'False', null: 'None' },
  indent: '    ',
  lastComma: ',',
  padding: '',
};

/** JSON inside an unquoted here-document, where the shell reads `\`, `$` and backticks (POSIX 2.7.4). */
export const hereDocumentLiterals: LiteralStyle = {
  text: toHereDocumentText,
  key: toHereDocumentText,
  constants: { true: 'true', false: 'false', null: 'null' },
  indent: '  ',
  lastComma: '',
  padding: '',
};

const LINE_WIDTH = 88;

/** Writes plain data, with any `Expression` in it, as source. `depth` is how far its first line is indented. */
export function writeLiteral(value: unknown, style: LiteralStyle, depth = 0): string {
  const line = writeLine(value, style);
  if (!isNested(value) || depth * style.indent.length + line.length <= LINE_WIDTH) return line;
  const inner = style.indent.repeat(depth + 1);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const lines = Object.entries(value).map(([name, child]) => {
    const label = Array.isArray(value) ? '' : `${style.key(name)}: `;
    return `${inner}${label}${writeLiteral(child, style, depth + 1)}`;
  });
  return `${open}\n${lines.join(',\n')}${style.lastComma}\n${style.indent.repeat(depth)}${close}`;
}

function writeLine(value: unknown, style: LiteralStyle): string {
  if (value instanceof Expression) return value.source;
  if (typeof value === 'string') return style.text(value);
  if (value === null || typeof value === 'boolean') return style.constants[`${value}`];
  if (Array.isArray(value)) return `[${value.map((child) => writeLine(child, style)).join(', ')}]`;
  if (!isNested(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([name, child]) => `${style.key(name)}: ${writeLine(child, style)}`,
  );
  if (entries.length === 0) return '{}';
  return `{${style.padding}${entries.join(', ')}${style.padding}}`;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Expression);
}

function toTypescriptText(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

function toHereDocumentText(value: string): string {
  return JSON.stringify(value).replace(/[\\$`]/g, '\\$&');
}
