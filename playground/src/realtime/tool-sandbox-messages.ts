/** What the page asks of the worker that runs a tool, and what comes back. */
export interface SandboxRequest {
  /** The body of an asynchronous function of `input`. */
  readonly source: string;
  readonly input: unknown;
}

export type SandboxReply =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly message: string };
