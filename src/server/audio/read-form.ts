import type { MultipartFile } from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import type { FormField } from '../../wire/audio/form-object.ts';
import type { UploadBudget, UploadShare } from './upload-budget.ts';

/** What a multipart request holds, in whatever order its parts came. */
export interface Form {
  readonly fields: readonly FormField[];
  /** The content of the part named `file`. */
  readonly file: Uint8Array | undefined;
}

export interface ReadFormOptions {
  /** Stands in for the memory of the file until the answer is out; without one no file is taken. */
  readonly budget?: UploadBudget;
}

/** The largest file that the services take, in bytes (contract 1.7). */
const LARGEST_FILE = 26_214_400;
/** What a form may be larger than its file: fields, their headers and boundaries. */
const LARGEST_REST = 1024 * 1024;
const LONGEST_FIELD = 64 * 1024;
const MOST_FIELDS = 64;

/** What the multipart plugin is registered with where `readForm` reads. */
export const FORM_OPTIONS = {
  throwFileSizeLimit: false,
  limits: {
    // One byte more than may be, so that the byte too many is seen.
    fileSize: LARGEST_FILE + 1,
    files: 1,
    fields: MOST_FIELDS,
    fieldSize: LONGEST_FIELD,
    fieldNameSize: 100,
    parts: MOST_FIELDS + 1,
    headerPairs: 16,
  },
} as const;

/**
 * Reads a multipart form with at most one file, and stops reading at the first byte too many.
 * @throws {ApiError} `unsupported-media-type`, `file-too-large`, `overloaded`, and for a form that is malformed.
 */
export async function readForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { budget }: ReadFormOptions = {},
): Promise<Form> {
  if (!request.isMultipart()) throw notMultipart();
  refuseByLength(request);
  const share = budget?.open();
  if (share) reply.raw.once('close', () => share.release());
  const fields: FormField[] = [];
  let file: Uint8Array | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') file = await readFile(part, share);
      else if (part.valueTruncated || part.fieldnameTruncated) throw fieldTooLong(part.fieldname);
      else fields.push([part.fieldname, part.value]);
    }
  } catch (error) {
    throw toApiError(error);
  }
  return { fields, file };
}

/** Refuses what announces itself as too large before a byte of it is read. */
function refuseByLength({ headers }: FastifyRequest): void {
  const length = Number(headers['content-length'] ?? 0);
  if (length > LARGEST_FILE + LARGEST_REST) throw fileTooLarge(length);
}

async function readFile(part: MultipartFile, share: UploadShare | undefined): Promise<Uint8Array> {
  if (!share || part.fieldname !== 'file') {
    throw new ApiError('unknown-parameter', `Unrecognized request argument supplied: ${part.fieldname}`, {
      param: part.fieldname,
    });
  }
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of part.file as AsyncIterable<Uint8Array>) {
    total += piece.length;
    if (total > LARGEST_FILE) throw fileTooLarge(total);
    share.hold(piece.length);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export function notMultipart(): ApiError {
  return new ApiError(
    'unsupported-media-type',
    'Send the request with content-type: multipart/form-data and the recording as its part `file`.',
  );
}

function fileTooLarge(bytes: number): ApiError {
  return new ApiError(
    'file-too-large',
    `413: Maximum content size limit (${LARGEST_FILE}) exceeded (${bytes} bytes read)`,
  );
}

function fieldTooLong(name: string): ApiError {
  const shown = name.slice(0, 80);
  return new ApiError(
    'out-of-range',
    `Invalid '${shown}': string too long. Expected at most ${LONGEST_FIELD}.`,
    { param: shown },
  );
}

/** The parser's own refusals, told in the API's words. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'FST_FILES_LIMIT':
      return new ApiError('invalid-value', 'Send one file with a request.', { param: 'file', cause: error });
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT': {
      const message = `The form has too many fields. Expected at most ${MOST_FIELDS}.`;
      return new ApiError('out-of-range', message, { cause: error });
    }
    default:
      // What else goes wrong in reading a form, goes wrong because of its bytes.
      return new ApiError('invalid-value', 'The multipart form is malformed or incomplete.', {
        cause: error,
      });
  }
}
