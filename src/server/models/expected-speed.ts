import type { ModelEntry } from './catalog.ts';
import type { ModelSize } from './model-size.ts';

const BLOCK_BYTES = 64 * 2 ** 20;
const ROUNDS = 3;
let measured: number | undefined;

/** Bytes a second that a processor of this machine reads and writes in memory; measured once, within a tenth of a second. */
export function memoryBandwidth(): number {
  measured ??= measure();
  return measured;
}

/**
 * Tokens a second that a language model writes at most on this machine: each takes one pass through all of its
 * weights, so that memory, not arithmetic, sets the bound (Pope et al., Efficiently Scaling Transformer Inference,
 * arXiv:2211.05102, section 2.1). `undefined` for other models, and where its size is not known yet.
 */
export function mostTokensPerSecond(
  { role }: Pick<ModelEntry, 'role'>,
  { downloadBytes }: Pick<ModelSize, 'downloadBytes'>,
  bytesPerSecond: number = memoryBandwidth(),
): number | undefined {
  if (role !== 'languageModel' || downloadBytes === undefined) return undefined;
  return bytesPerSecond / downloadBytes;
}

/** The best of a few copies: what disturbs one makes it slower, and never faster. */
function measure(): number {
  const from = new Uint8Array(BLOCK_BYTES).fill(1);
  const to = new Uint8Array(BLOCK_BYTES).fill(2);
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    to.set(from);
    best = Math.max(best, (2 * BLOCK_BYTES * 1000) / (performance.now() - startedAt));
  }
  return best;
}
