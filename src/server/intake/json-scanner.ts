import { ApiError } from '../../util/errors.ts';
import type { JsonLimits } from './intake-limits.ts';

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NEWLINE = 0x0a;
const LOWER_U = 0x75;
const NOTHING = -1;
const ESCAPABLE = new Set(Buffer.from('"\\/bfnrtu'));

/**
 * Reads JSON (RFC 8259) without building it, so that what is too deep or too much is refused before it
 * costs memory, and so that the client hears where its mistake stands. It accepts what `JSON.parse` accepts.
 * @throws {ApiError} `invalid-json`, with the place of the first fault.
 */
export function scanJson(bytes: Uint8Array, limits: Pick<JsonLimits, 'jsonDepth' | 'jsonKeys'>): void {
  new JsonScanner(bytes, limits).scan();
}

/** The services' own words, with a hint of ours. */
export function invalidJson(hint: string): ApiError {
  return new ApiError('invalid-json', `We could not parse the JSON body of your request. (HINT: ${hint})`);
}

class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #limits: Pick<JsonLimits, 'jsonDepth' | 'jsonKeys'>;
  /** The closing bytes of what is open, outermost first: a list, as a call stack would overflow. */
  readonly #closers: number[] = [];
  #at = 0;
  #keys = 0;

  constructor(bytes: Uint8Array, limits: Pick<JsonLimits, 'jsonDepth' | 'jsonKeys'>) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  scan(): void {
    do {
      this.#skipSpace();
      if (!this.#beginValue()) continue;
      this.#endValues();
    } while (this.#closers.length > 0);
    this.#skipSpace();
    if (this.#peek() !== NOTHING) this.#fail('Expected the end of the body');
  }

  /** False when the value is a container that has a first value of its own, which comes next. */
  #beginValue(): boolean {
    const byte = this.#peek();
    if (byte === OPEN_OBJECT) return this.#openContainer(CLOSE_OBJECT);
    if (byte === OPEN_ARRAY) return this.#openContainer(CLOSE_ARRAY);
    if (byte === QUOTE) this.#string();
    else if (byte === MINUS || isDigit(byte)) this.#number();
    else this.#word();
    return true;
  }

  /** True when it is empty, so that what comes next is its end. */
  #openContainer(closer: number): boolean {
    this.#at += 1;
    this.#closers.push(closer);
    if (this.#closers.length > this.#limits.jsonDepth) {
      this.#refuse(`The body nests deeper than ${this.#limits.jsonDepth} levels`);
    }
    this.#skipSpace();
    if (this.#peek() === closer) return true;
    this.#beginMember();
    return false;
  }

  /** Passes over what closes and over one comma, up to where the next value begins. */
  #endValues(): void {
    for (;;) {
      const closer = this.#closers.at(-1);
      if (closer === undefined) return;
      this.#skipSpace();
      const byte = this.#peek();
      if (byte === COMMA) {
        this.#at += 1;
        this.#skipSpace();
        this.#beginMember();
        return;
      }
      if (byte !== closer) this.#fail(`Expected ',' or '${String.fromCharCode(closer)}'`);
      this.#at += 1;
      this.#closers.pop();
    }
  }

  #beginMember(): void {
    this.#keys += 1;
    if (this.#keys > this.#limits.jsonKeys) {
      this.#refuse(`The body has more than ${this.#limits.jsonKeys} keys and array elements`);
    }
    if (this.#closers.at(-1) !== CLOSE_OBJECT) return;
    if (this.#peek() !== QUOTE) this.#fail('Expected a key in double quotes');
    this.#string();
    this.#skipSpace();
    if (this.#peek() !== COLON) this.#fail("Expected ':' after the key");
    this.#at += 1;
  }

  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      const byte = bytes[at] ?? NOTHING;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        this.#at = at;
        this.#escape();
        at = this.#at;
      } else if (byte < 0x20) {
        this.#at = at;
        this.#fail('Expected the end of the string, with control characters escaped');
      } else {
        at += 1;
      }
    }
    this.#at = at + 1;
  }

  #escape(): void {
    this.#at += 1;
    const letter = this.#peek();
    if (!ESCAPABLE.has(letter)) this.#fail('Expected an escape that JSON knows');
    this.#at += 1;
    if (letter !== LOWER_U) return;
    for (const end = this.#at + 4; this.#at < end; this.#at += 1) {
      if (!isHexDigit(this.#peek())) this.#fail('Expected four hexadecimal digits');
    }
  }

  #number(): void {
    if (this.#peek() === MINUS) this.#at += 1;
    if (this.#peek() === ZERO) this.#at += 1;
    else this.#digits();
    if (this.#peek() === DOT) {
      this.#at += 1;
      this.#digits();
    }
    if (this.#isOneOf('eE')) {
      this.#at += 1;
      if (this.#isOneOf('+-')) this.#at += 1;
      this.#digits();
    }
  }

  #digits(): void {
    if (!isDigit(this.#peek())) this.#fail('Expected a digit');
    while (isDigit(this.#peek())) this.#at += 1;
  }

  #word(): void {
    for (const word of ['true', 'false', 'null']) {
      if (this.#startsWith(word)) {
        this.#at += word.length;
        return;
      }
    }
    this.#fail('Expected a value');
  }

  #startsWith(word: string): boolean {
    for (let index = 0; index < word.length; index += 1) {
      if (this.#bytes[this.#at + index] !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#peek())) this.#at += 1;
  }

  #isOneOf(characters: string): boolean {
    const byte = this.#bytes[this.#at];
    return byte !== undefined && characters.includes(String.fromCharCode(byte));
  }

  #peek(): number {
    return this.#bytes[this.#at] ?? NOTHING;
  }

  #fail(expected: string): never {
    const byte = this.#peek();
    this.#refuse(
      byte === NOTHING ? `${expected}, but the body ends` : `${expected}, but found ${named(byte)}`,
    );
  }

  #refuse(what: string): never {
    const before = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#at);
    const lineStart = before.lastIndexOf(NEWLINE) + 1;
    let line = 1;
    for (const byte of before.subarray(0, lineStart)) if (byte === NEWLINE) line += 1;
    const column = before.toString('utf8', lineStart).length + 1;
    throw invalidJson(`${what} at line ${line}, column ${column}.`);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (byte !== NOTHING && lower >= 0x61 && lower <= 0x66);
}

function named(byte: number): string {
  if (byte > 0x20 && byte < 0x7f) return `'${String.fromCharCode(byte)}'`;
  return byte > 0x7f ? 'a character outside ASCII' : `the byte 0x${byte.toString(16).padStart(2, '0')}`;
}
