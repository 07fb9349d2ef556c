import type { SandboxReply, SandboxRequest } from './tool-sandbox-messages.ts';
import type { ToolSetting } from './tool-setting.ts';

export interface Call {
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

/** A tool that has not answered by then has failed. */
const LIMIT_MS = 10_000;

/** What the page answers to a call, as the text that the model reads; a fault is an answer too. */
export async function answerCall(
  { name, arguments: source }: Call,
  { tools, signal }: { readonly tools: readonly ToolSetting[]; readonly signal: AbortSignal },
): Promise<string> {
  const tool = tools.find((one) => one.name === name);
  if (!tool) return fault(`There is no tool “${name}” on this page.`);
  if (tool.answer.type === 'canned') return tool.answer.canned;
  try {
    const reply = await runSandboxed({ source: tool.answer.javascript, input: JSON.parse(source) }, signal);
    return reply.ok ? reply.output : fault(reply.message);
  } catch (error) {
    if (signal.aborted) throw error;
    return fault(error instanceof Error ? error.message : String(error));
  }
}

function fault(message: string): string {
  return JSON.stringify({ error: message });
}

/** A worker for each call, so that one that never ends can be ended. */
async function runSandboxed(request: SandboxRequest, signal: AbortSignal): Promise<SandboxReply> {
  const worker = new Worker(new URL('./tool-sandbox-worker.ts', import.meta.url), { type: 'module' });
  const { promise, resolve, reject } = Promise.withResolvers<SandboxReply>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const onAbort = (): void => {
    reject(
      signal.aborted ? signal.reason : new Error(`The tool gave no answer within ${LIMIT_MS / 1000} s.`),
    );
  };
  limit.addEventListener('abort', onAbort);
  worker.onmessage = ({ data }: MessageEvent<SandboxReply>) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message || 'The tool could not be run.'));
  worker.postMessage(request);
  try {
    return await promise;
  } finally {
    limit.removeEventListener('abort', onAbort);
    worker.terminate();
  }
}
