import { ApiError, type ApiErrorKind } from '../../util/errors.ts';
import { type JobContext, serveJobs, Transferred } from '../../util/jobs/serve-jobs.ts';
import type { JsonLimits } from './intake-limits.ts';
import { parseJsonBody } from './parse-json-body.ts';

/** A refusal is an outcome too: an error that crosses the threads would lose its kind. */
export type ParseOutcome =
  | { readonly type: 'parsed'; readonly value: unknown }
  | {
      readonly type: 'refused';
      readonly kind: ApiErrorKind;
      readonly message: string;
      readonly param: string | null;
    };

async function* parse(limits: JsonLimits, { feed, signal }: JobContext): AsyncGenerator<unknown> {
  const blocks: Uint8Array[] = [];
  // What is fed is what `readJsonBody` reads, which the channel between the threads does not know.
  for await (const block of feed) blocks.push(block as Uint8Array);
  // A cancelled job's feed ends early, and half a body is not worth parsing.
  if (!signal.aborted) yield outcome(Buffer.concat(blocks.splice(0)), limits);
}

function outcome(bytes: Uint8Array, limits: JsonLimits): unknown {
  try {
    const { value, audio } = parseJsonBody(bytes, limits);
    const parsed: ParseOutcome = { type: 'parsed', value };
    return new Transferred(
      parsed,
      audio.map((decoded) => decoded.buffer),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { kind, message, param } = error;
    return { type: 'refused', kind, message, param } satisfies ParseOutcome;
  }
}

serveJobs({ parse });
