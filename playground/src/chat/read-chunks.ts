import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ServerError } from '../server/api.ts';
import type { CompletionChunk } from './completion.ts';

interface StreamError {
  readonly error: { readonly message?: string; readonly code?: string | null };
}

/**
 * The chunks of a streamed answer, until `[DONE]`.
 * @throws {ServerError} for an error that the stream carries, and when it breaks off
 */
export async function* readChunks(response: Response): AsyncGenerator<CompletionChunk> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const { status } = response;
  if (!response.body) throw new ServerError('The answer is empty.', { status, requestId });
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (data === '[DONE]') return;
    const event = JSON.parse(data) as CompletionChunk | StreamError;
    if (!('error' in event)) yield event;
    else {
      const { message = 'The answer broke off.', code } = event.error;
      throw new ServerError(message, { status: 500, code: code ?? undefined, requestId });
    }
  }
  throw new ServerError('The answer broke off before its end.', { status, requestId });
}
