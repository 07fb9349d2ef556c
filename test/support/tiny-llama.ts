import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenerateEvent, GenerateRequest, SamplingOptions } from '../../src/engine/language-model.ts';
import { type Llama, type LlamaOptions, llama } from '../../src/engines/llama/llama.ts';

/** What a reply came to. */
export interface WholeReply {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly finish: Extract<GenerateEvent, { type: 'finish' }>;
}

/** Model files of one test, and the engines that run them, which go when it ends. */
export class TinyLlamas implements AsyncDisposable {
  readonly #runtime: string;
  readonly #folder: string;
  readonly #engines: Llama[] = [];
  #files = 0;

  private constructor(runtime: string, folder: string) {
    this.#runtime = runtime;
    this.#folder = folder;
  }

  static async open(runtime: string): Promise<TinyLlamas> {
    return new TinyLlamas(runtime, await mkdtemp(join(tmpdir(), 'samtal-llama-')));
  }

  async write(model: Uint8Array): Promise<string> {
    this.#files += 1;
    const path = join(this.#folder, `tiny-${this.#files}.gguf`);
    await writeFile(path, model);
    return path;
  }

  /** An engine on one processor, as others of the machine are busy with other tests. */
  async run(model: Uint8Array | string, options: Partial<LlamaOptions> = {}): Promise<Llama> {
    const path = typeof model === 'string' ? model : await this.write(model);
    const engine = llama({ runtime: this.#runtime, model: path, threads: 1, sessions: 2, ...options });
    this.#engines.push(engine);
    return engine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine[Symbol.asyncDispose]()));
    await rm(this.#folder, { recursive: true });
  }
}

export function ask(
  text: string,
  sampling: SamplingOptions = {},
  more: Partial<GenerateRequest> = {},
): GenerateRequest {
  return {
    messages: [{ role: 'user', text }],
    tools: [],
    toolChoice: 'auto',
    sampling: { temperature: 0, ...sampling },
    ...more,
  };
}

export async function reply(
  model: Llama,
  request: GenerateRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<WholeReply> {
  let text = '';
  const calls: { name: string; arguments: string }[] = [];
  for await (const event of model.generate(request, { signal })) {
    if (event.type === 'text-delta') text += event.delta;
    else if (event.type === 'tool-call-start') calls.push({ name: event.name, arguments: '' });
    else if (event.type === 'tool-call-delta') {
      const call = calls.at(-1);
      if (call) call.arguments += event.delta;
    } else if (event.type === 'finish') return { text, calls, finish: event };
  }
  throw new Error('The reply has no end.');
}
