/**
 * ITU-T G.711: 8-bit logarithmic samples, as telephones carry them, to and from 16-bit linear ones. µ-law
 * holds 14 bits and A-law 13 bits, here scaled to the full range of 16.
 */
export type G711Law = 'mulaw' | 'alaw';

/** Expands octets to as many linear samples. */
export function expandG711(octets: Uint8Array, law: G711Law): Int16Array {
  const table = law === 'mulaw' ? MULAW_EXPANDED : ALAW_EXPANDED;
  const samples = new Int16Array(octets.length);
  for (const [index, octet] of octets.entries()) samples[index] = table[octet] ?? 0;
  return samples;
}

/** Compresses linear samples to as many octets. */
export function compressG711(samples: Int16Array, law: G711Law): Uint8Array {
  const table = law === 'mulaw' ? MULAW_COMPRESSED : ALAW_COMPRESSED;
  const octets = new Uint8Array(samples.length);
  for (const [index, sample] of samples.entries()) octets[index] = table[sample + 32768] ?? 0;
  return octets;
}

const MULAW_EXPANDED = Int16Array.from({ length: 256 }, (_, octet) => expandMulaw(octet));
const ALAW_EXPANDED = Int16Array.from({ length: 256 }, (_, octet) => expandAlaw(octet));
const MULAW_COMPRESSED = Uint8Array.from({ length: 65536 }, (_, index) => compressMulaw(index - 32768));
const ALAW_COMPRESSED = Uint8Array.from({ length: 65536 }, (_, index) => compressAlaw(index - 32768));

/** Table 2a of G.711: all bits inverted, a bias of 33 on the 14-bit scale (132 on ours). */
function expandMulaw(octet: number): number {
  const bits = ~octet & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}

function compressMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  // A negative sample is complemented, not negated, so that both signs cut at the same decision values.
  const magnitude = Math.min((sample < 0 ? ~sample : sample) >> 2, 8158) + 33;
  const segment = 31 - Math.clz32(magnitude) - 5;
  const bits = sign | (segment << 4) | ((magnitude >> (segment + 1)) & 0x0f);
  return ~bits & 0xff;
}

/** Table 1a of G.711: even bits inverted, the sign bit set for positive values. */
function expandAlaw(octet: number): number {
  const bits = octet ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function compressAlaw(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 3);
  const step = segment === 0 ? magnitude : (magnitude >> (segment - 1)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
}
