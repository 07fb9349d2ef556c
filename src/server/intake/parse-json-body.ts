import { isUtf8 } from 'node:buffer';
import { decodeBase64, decodedLength } from '../../util/base64.ts';
import { ApiError } from '../../util/errors.ts';
import type { JsonLimits } from './intake-limits.ts';
import { invalidJson, scanJson } from './json-scanner.ts';

export interface ParsedBody {
  readonly value: unknown;
  /** The decoded audio in `value`, each in a buffer of its own. */
  readonly audio: readonly Uint8Array<ArrayBuffer>[];
}

/** A body without any of these has nothing that `takeAudio` would change: in a key, a letter is written as it is or by `\u`. */
const NEEDS_WALK = /input_audio|__proto__|\\u/;

/**
 * A JSON body as data. Within `messages`, the base64 text of each `input_audio.data` is replaced by its
 * bytes; text that is not base64 stays as it is, for validation to refuse by name.
 * @throws {ApiError} `invalid-json`, or `file-too-large` with the audio's place as `param`.
 */
export function parseJsonBody(bytes: Uint8Array, limits: JsonLimits): ParsedBody {
  if (!isUtf8(bytes)) throw invalidJson('The body is not valid UTF-8; encode it as UTF-8.');
  const text = withoutByteOrderMark(bytes);
  if (text.length === 0) throw invalidJson('The body is empty; send a JSON object.');
  scanJson(text, limits);
  const json = Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8');
  const value: unknown = JSON.parse(json);
  return { value, audio: NEEDS_WALK.test(json) ? takeAudio(value, limits.audioBytes) : [] };
}

interface Place {
  readonly value: object;
  readonly parent: Place | undefined;
  readonly key: string;
}

/** Walks with a list of its own, as the body may nest deeper than the call stack. */
function takeAudio(root: unknown, audioBytes: number): Uint8Array<ArrayBuffer>[] {
  const audio: Uint8Array<ArrayBuffer>[] = [];
  const open: Place[] = isObject(root) ? [{ value: root, parent: undefined, key: '' }] : [];
  for (let place = open.pop(); place; place = open.pop()) {
    // An own key of this name would turn into a prototype in whatever copies the object by assignment.
    if (Object.hasOwn(place.value, '__proto__')) Reflect.deleteProperty(place.value, '__proto__');
    const decoded = decodeAudio(place, audioBytes);
    if (decoded) audio.push(decoded);
    // Backwards onto the stack, so that of several files that are too large the first is named.
    for (const key of Object.keys(place.value).reverse()) {
      const value: unknown = Reflect.get(place.value, key);
      if (isObject(value) && !(value instanceof Uint8Array)) open.push({ value, parent: place, key });
    }
  }
  return audio;
}

function decodeAudio(place: Place, audioBytes: number): Uint8Array<ArrayBuffer> | undefined {
  if (place.key !== 'input_audio' || !('data' in place.value)) return undefined;
  const { data } = place.value;
  const path = pathOf(place);
  if (typeof data !== 'string' || !path.startsWith('messages[')) return undefined;
  const length = decodedLength(data);
  if (length > audioBytes) {
    throw new ApiError(
      'file-too-large',
      `The audio file of ${length} bytes is larger than the limit of ${audioBytes} bytes. Send a shorter or compressed recording.`,
      { param: `${path}.data` },
    );
  }
  const decoded = decodeBase64(data);
  if (decoded) Object.assign(place.value, { data: decoded });
  return decoded;
}

/** As the services write it: `messages[0].content[1].input_audio`. */
function pathOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at?.parent; at = at.parent) {
    keys.push(Array.isArray(at.parent.value) ? `[${at.key}]` : `.${at.key}`);
  }
  return keys.reverse().join('').slice(1);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? bytes.subarray(3) : bytes;
}
