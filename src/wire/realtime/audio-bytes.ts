import { z } from 'zod';
import { decodeBase64, decodedLength } from '../../util/base64.ts';
import { refusal } from './judge.ts';

/** What one event may carry (contract 2.7). */
const LARGEST_MIB = 15;

/** Base64 in a client's event, as the bytes that it stands for. Any number of them: samples may be cut apart. */
export const audioBytes = z.string().transform((text, context): Uint8Array => {
  if (decodedLength(text) > LARGEST_MIB * 2 ** 20) {
    const message = `Audio of one event is too large: at most ${LARGEST_MIB} MiB are taken. Send it in smaller pieces.`;
    context.issues.push(refusal('string_above_max_length', message));
    return z.NEVER;
  }
  const bytes = decodeBase64(text, { isPooled: true });
  if (bytes) return bytes;
  context.issues.push(refusal('invalid_base64', 'Invalid audio: expected base64 of the standard alphabet.'));
  return z.NEVER;
});
