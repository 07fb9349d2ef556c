import type { SandboxReply, SandboxRequest } from './tool-sandbox-messages.ts';

/**
 * Runs a tool that was written on the page. The server lets this script alone evaluate text, and lets it reach
 * nothing: no network, and no storage of the tab, where the credential is.
 */
self.onmessage = ({ data }: MessageEvent<SandboxRequest>) => {
  void run(data).then((reply) => self.postMessage(reply));
};

async function run({ source, input }: SandboxRequest): Promise<SandboxReply> {
  try {
    const evaluate = Object.getPrototypeOf(run).constructor as AsyncFunctionConstructor;
    const value = await evaluate('input', source)(input);
    return { ok: true, output: typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null') };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

type AsyncFunctionConstructor = (parameter: string, body: string) => (input: unknown) => Promise<unknown>;
