/** The part of the WebAssembly JavaScript interface that is used here; Node has it, its types do not. */
declare namespace WebAssembly {
  class Module {
    private constructor();
  }

  class Memory {
    constructor(descriptor: { readonly initial: number });
    readonly buffer: ArrayBuffer;
  }

  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, ImportValue>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  type ImportValue = (...values: never[]) => number;

  function compile(bytes: Uint8Array): Promise<Module>;
}
