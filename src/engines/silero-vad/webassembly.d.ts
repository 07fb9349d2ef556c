/** The part of the WebAssembly JavaScript interface that is used here; Node has it, its types do not. */
declare namespace WebAssembly {
  /** What a module throws that can not go on. */
  class RuntimeError extends Error {}
}
