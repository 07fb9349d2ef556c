/** The few error numbers of WASI preview 1 that are used here. */
const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NO_ENTRY = 44;

const STANDARD_ERROR = 2;
const ROOT = 3;
const OUTPUT = 4;
const DIRECTORY_TYPE = 3;
const FILE_TYPE = 4;

/** Where a command writes what it makes. */
export const OUTPUT_PATH = '/output';

export interface CommandResult {
  readonly exitCode: number;
  /** What was written to `OUTPUT_PATH`. */
  readonly output: Uint8Array;
  /** What was written to the standard error, or why the program broke off. */
  readonly complaint: string;
}

/**
 * Runs a WASI command (wasi_snapshot_preview1) that sees its arguments and one file to write, in memory. Nothing of
 * the machine is within its reach, so nothing that is spoken is ever written to a disk. Blocks until it is done.
 */
export function runCommand(module: WebAssembly.Module, argv: readonly string[]): CommandResult {
  const sandbox = new Sandbox(argv);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: sandbox.imports });
  return sandbox.run(instance);
}

class CommandExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}

class Sandbox {
  readonly #argv: readonly Uint8Array[];
  #memory = new WebAssembly.Memory({ initial: 0 });
  #output = new Uint8Array(1 << 16);
  #length = 0;
  #position = 0;
  #complaint = '';

  constructor(argv: readonly string[]) {
    const encoder = new TextEncoder();
    this.#argv = argv.map((argument) => encoder.encode(`${argument}\0`));
  }

  run(instance: WebAssembly.Instance): CommandResult {
    const { memory, _start: start } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof start !== 'function')
      throw new Error('The module is not a WASI command.');
    this.#memory = memory;
    return {
      exitCode: this.#exitCode(() => start()),
      output: this.#output.slice(0, this.#length),
      complaint: this.#complaint,
    };
  }

  /** Named as WASI names them; what the command does not import is left out. */
  readonly imports: Record<string, WebAssembly.ImportValue> = {
    args_sizes_get: (count: number, size: number) => {
      this.#setNumber(count, this.#argv.length);
      this.#setNumber(
        size,
        this.#argv.reduce((total, argument) => total + argument.length, 0),
      );
      return SUCCESS;
    },
    args_get: (pointers: number, text: number) => {
      let end = text;
      for (const [index, argument] of this.#argv.entries()) {
        this.#setNumber(pointers + index * 4, end);
        new Uint8Array(this.#memory.buffer).set(argument, end);
        end += argument.length;
      }
      return SUCCESS;
    },
    clock_time_get: (_clock: number, _precision: bigint, time: number) => {
      this.#view.setBigUint64(time, 0n, true);
      return SUCCESS;
    },
    fd_prestat_get: (descriptor: number, stat: number) => {
      if (descriptor !== ROOT) return BAD_DESCRIPTOR;
      this.#setNumber(stat, 0);
      this.#setNumber(stat + 4, 1);
      return SUCCESS;
    },
    fd_prestat_dir_name: (_descriptor: number, path: number) => {
      this.#view.setUint8(path, '/'.charCodeAt(0));
      return SUCCESS;
    },
    fd_fdstat_get: (descriptor: number, stat: number) => {
      new Uint8Array(this.#memory.buffer, stat, 24).fill(0);
      this.#view.setUint8(stat, descriptor === ROOT ? DIRECTORY_TYPE : FILE_TYPE);
      this.#view.setBigUint64(stat + 8, 0xffff_ffffn, true);
      this.#view.setBigUint64(stat + 16, 0xffff_ffffn, true);
      return SUCCESS;
    },
    path_open: (...values: readonly number[]) => {
      const [, , path = 0, length = 0, , , , , opened = 0] = values;
      const name = new TextDecoder().decode(new Uint8Array(this.#memory.buffer, path, length));
      if (`/${name}` !== OUTPUT_PATH) return NO_ENTRY;
      this.#setNumber(opened, OUTPUT);
      return SUCCESS;
    },
    fd_fdstat_set_flags: () => SUCCESS,
    fd_close: () => SUCCESS,
    fd_read: (_descriptor: number, _vectors: number, _count: number, read: number) => {
      this.#setNumber(read, 0);
      return SUCCESS;
    },
    fd_seek: (descriptor: number, offset: bigint, whence: number, position: number) => {
      if (descriptor !== OUTPUT) return BAD_DESCRIPTOR;
      const origin = [0, this.#position, this.#length][whence] ?? 0;
      this.#position = origin + Number(offset);
      this.#view.setBigUint64(position, BigInt(this.#position), true);
      return SUCCESS;
    },
    fd_write: (descriptor: number, vectors: number, count: number, written: number) => {
      let total = 0;
      for (let index = 0; index < count; index++) {
        const start = this.#view.getUint32(vectors + index * 8, true);
        const length = this.#view.getUint32(vectors + index * 8 + 4, true);
        this.#write(descriptor, new Uint8Array(this.#memory.buffer, start, length));
        total += length;
      }
      this.#setNumber(written, total);
      return SUCCESS;
    },
    proc_exit: (code: number) => {
      throw new CommandExit(code);
    },
  };

  #exitCode(start: () => void): number {
    try {
      start();
      return 0;
    } catch (error) {
      if (error instanceof CommandExit) return error.code;
      this.#complaint += String(error);
      return 1;
    }
  }

  #write(descriptor: number, bytes: Uint8Array): void {
    if (descriptor === STANDARD_ERROR) this.#complaint += new TextDecoder().decode(bytes);
    if (descriptor !== OUTPUT) return;
    const end = this.#position + bytes.length;
    if (end > this.#output.length) {
      const larger = new Uint8Array(Math.max(end, this.#output.length * 2));
      larger.set(this.#output);
      this.#output = larger;
    }
    this.#output.set(bytes, this.#position);
    this.#position = end;
    this.#length = Math.max(this.#length, end);
  }

  /** Made anew each time: the buffer is another one whenever the memory has grown. */
  get #view(): DataView {
    return new DataView(this.#memory.buffer);
  }

  #setNumber(address: number, value: number): void {
    this.#view.setUint32(address, value, true);
  }
}
