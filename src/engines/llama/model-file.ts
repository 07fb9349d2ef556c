import { open } from 'node:fs/promises';
import { EngineError } from '../../util/errors.ts';
import { type GgufHead, isGguf, readGgufHead } from './gguf-head.ts';

export const NAME = 'llama';

/** Several times the head of the largest vocabulary. */
const MOST_HEAD_BYTES = 64 * 2 ** 20;

/**
 * Reads the head of a model that chats. It is read here before the library reads it, which lengths that are damaged
 * would bring down.
 * @throws {EngineError} `unavailable`, with what the file is instead.
 */
export async function readModelHead(path: string): Promise<GgufHead> {
  const bytes = await readHead(path);
  if (!isGguf(bytes)) throw unavailable(`${path} is no GGUF file. Get a language model in that format.`);
  const head = parse(bytes, path);
  const { architecture, hasPooling, vocabularySize } = head;
  if (/bert|encoder|clip/.test(architecture) || hasPooling)
    throw unavailable(
      `${path} is a model that writes no text (${architecture}). Get one that chats, such as an “instruct” model.`,
    );
  if (vocabularySize === 0)
    throw unavailable(`${path} has no tokenizer. Get the model as one whole GGUF file.`);
  return head;
}

async function readHead(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const wanted = Math.min(size, MOST_HEAD_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unavailable(`The model ${path} can not be read. Put a GGUF file there.`, error);
  }
}

function parse(bytes: Buffer, path: string): GgufHead {
  try {
    return readGgufHead(bytes);
  } catch (error) {
    throw damaged(path, error);
  }
}

export function damaged(path: string, cause?: unknown): EngineError {
  return unavailable(`The model ${path} is damaged, or of a kind that is too new. Get it again.`, cause);
}

export function unavailable(message: string, cause?: unknown): EngineError {
  return new EngineError(NAME, 'unavailable', message, cause);
}
