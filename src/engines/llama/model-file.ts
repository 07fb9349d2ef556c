import { open } from 'node:fs/promises';
import { EngineError } from '../../util/errors.ts';
import type { GgufFileInfo, LlamaRuntime } from './llama-runtime.ts';

export const NAME = 'llama';

const MAGIC = 'GGUF';
/** Of the fixed part of a GGUF file's header: magic, version, how many tensors, how many fields of metadata. */
const HEADER_BYTES = 24;
const VERSIONS: readonly number[] = [2, 3];
/** Far more than any model has. A damaged number would have the header read for ever. */
const MOST_ENTRIES = 1_000_000n;

/**
 * Makes sure that a file can be a model that chats, before native code reads it (ggml's docs/gguf.md).
 * @throws {EngineError} `unavailable`, with what it is instead.
 */
export async function refuseOtherFiles(runtime: LlamaRuntime, path: string): Promise<void> {
  refuseOtherHeaders(await readHeader(path), path);
  const info = await runtime
    .readGgufFileInfo(path, { readTensorInfo: false, logWarnings: false, sourceType: 'filesystem' })
    .catch((error: unknown) => {
      throw damaged(path, error);
    });
  refuseOtherModels(info, path);
}

async function readHeader(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unavailable(`The model ${path} can not be read. Put a GGUF file there.`, error);
  }
}

function refuseOtherHeaders(header: Buffer, path: string): void {
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw unavailable(`${path} is no GGUF file. Get a language model in that format.`);
  if (header.length < HEADER_BYTES) throw damaged(path);
  const version = header.readUInt32LE(4);
  if (!VERSIONS.includes(version))
    throw unavailable(
      `${path} is a GGUF file of version ${version}, and ${VERSIONS.join(' or ')} can be read. Get the model again.`,
    );
  if (header.readBigUInt64LE(8) > MOST_ENTRIES || header.readBigUInt64LE(16) > MOST_ENTRIES)
    throw damaged(path);
}

function refuseOtherModels({ metadata }: GgufFileInfo, path: string): void {
  const architecture = String(metadata['general']?.architecture);
  if (/bert|encoder|clip/.test(architecture) || metadata[architecture]?.pooling_type !== undefined)
    throw unavailable(
      `${path} is a model that writes no text (${architecture}). Get one that chats, such as an “instruct” model.`,
    );
  if (!metadata['tokenizer']?.ggml?.tokens?.length)
    throw unavailable(`${path} has no tokenizer. Get the model as one whole GGUF file.`);
}

export function damaged(path: string, cause?: unknown): EngineError {
  return unavailable(`The model ${path} is damaged. Get it again.`, cause);
}

export function unavailable(message: string, cause?: unknown): EngineError {
  return new EngineError(NAME, 'unavailable', message, cause);
}
