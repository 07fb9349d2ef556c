/** Where a text stops being JSON, and why. Lines and columns count from 1. */
export interface JsonFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[ !#-[\]-\u{10FFFF}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const PRIMITIVE = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/**
 * The first fault of a text that `JSON.parse` refuses (RFC 8259), or a name that stands twice in one
 * object, which `JSON.parse` would let pass. The engine's own message has no position for half of its faults.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.offset).split('\n');
    return { message: error.message, line: before.length, column: (before.at(-1) ?? '').length + 1 };
  }
}

class Fault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Nested deeper than any configuration is; bounds the recursion. */
const MAX_DEPTH = 100;

class Scanner {
  readonly #text: string;
  #offset = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    if (this.#peek() !== undefined) this.#fail('nothing more after the end of the value');
  }

  #value(): void {
    const next = this.#peek();
    if (next === '{') this.#list('}', (names) => this.#member(names));
    else if (next === '[') this.#list(']', () => this.#value());
    else if (next === '"') this.#string('a value');
    else if (this.#take(PRIMITIVE) === undefined) this.#fail('a value');
  }

  #list(close: string, element: (names: Set<string>) => void): void {
    if (++this.#depth > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} levels`);
    const names = new Set<string>();
    this.#offset++;
    if (this.#peek() !== close) {
      element(names);
      while (this.#peek() === ',') {
        const comma = this.#offset++;
        if (this.#peek() === close) throw new Fault(`no comma may stand before "${close}"`, comma);
        element(names);
      }
    }
    if (this.#peek() !== close) this.#fail(`"," or "${close}"`);
    this.#offset++;
    this.#depth--;
  }

  #member(names: Set<string>): void {
    this.#peek();
    const start = this.#offset;
    const name = this.#string('a name in double quotes');
    if (names.has(name)) throw new Fault(`${name} stands here for the second time`, start);
    names.add(name);
    if (this.#peek() !== ':') this.#fail('":"');
    this.#offset++;
    this.#value();
  }

  #string(expected: string): string {
    this.#peek();
    const quoted = this.#take(STRING);
    if (quoted !== undefined) return quoted;
    if (this.#text[this.#offset] !== '"') this.#fail(expected);
    throw new Fault('a string that does not end on its line, or has a wrong escape', this.#offset);
  }

  #peek(): string | undefined {
    this.#take(SPACE);
    return this.#text[this.#offset];
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const token = pattern.exec(this.#text)?.[0];
    this.#offset += token?.length ?? 0;
    return token;
  }

  #fail(expected: string): never {
    const rest = this.#text.slice(this.#offset);
    if (/^\/[/*]/.test(rest)) throw new Fault('JSON has no comments', this.#offset);
    const found = rest === '' ? 'the end of the file' : JSON.stringify(/^\w{1,20}|./su.exec(rest)?.[0]);
    throw new Fault(`expected ${expected}, got ${found}`, this.#offset);
  }
}
