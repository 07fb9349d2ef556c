import type { IncomingMessage } from 'node:http';
import { EngineError } from '../../util/errors.ts';
import type { ChatBody } from './chat-body.ts';
import type { ChatChunk } from './chat-chunk.ts';
import type { ChatEndpoint } from './chat-endpoint.ts';
import type { Upstream } from './upstream.ts';
import { Watchdog } from './watchdog.ts';

/** What is made of the chunks of one reply. */
export interface StreamedReply<Event> {
  /** Whether the model has begun, be it only to think. */
  readonly hasTokens: boolean;
  /** Whether the reply is whole, even if usage has not come yet. */
  readonly isComplete: boolean;
  /** Whether nothing that may still come matters. */
  readonly isOver: boolean;
  /** How long one that is complete is still listened to: some servers never close after the last token. */
  readonly lingerMs: number;
  read(chunk: ChatChunk): Iterable<Event>;
  end(): AsyncIterable<Event>;
}

export interface Asking {
  readonly upstream: Upstream;
  readonly endpoint: ChatEndpoint;
  readonly body: ChatBody;
}

/**
 * Asks, and yields what `reply` makes of the answer.
 * @throws {EngineError} and the signal's reason when aborted.
 */
export async function* streamReply<Event>(
  reply: StreamedReply<Event>,
  { upstream, endpoint, body }: Asking,
  signal: AbortSignal,
): AsyncGenerator<Event, void, void> {
  signal.throwIfAborted();
  using watchdog = new Watchdog(signal, upstream.clock);
  const expectMore = (): void => expect(reply, upstream, watchdog);
  expectMore();
  const response = await endpoint.open(body, watchdog.signal);
  try {
    for await (const chunk of chunks(response, { reply, upstream, endpoint, watchdog })) {
      watchdog.rest();
      for (const event of reply.read(chunk)) {
        signal.throwIfAborted();
        yield event;
      }
      if (reply.isOver) break;
      expectMore();
    }
  } finally {
    response.destroy();
  }
  watchdog.rest();
  if (!reply.isComplete) throw upstream.failed('ended in the middle of a reply.');
  for await (const event of reply.end()) {
    signal.throwIfAborted();
    yield event;
  }
}

function expect(reply: StreamedReply<unknown>, upstream: Upstream, watchdog: Watchdog): void {
  const { firstTokenMs, betweenTokensMs } = upstream.timeouts;
  const ms = reply.isComplete ? reply.lingerMs : reply.hasTokens ? betweenTokensMs : firstTokenMs;
  watchdog.expect(ms, () => upstream.failed(`sent no token for ${ms / 1_000} s.`));
}

/** Once the reply is complete, silence or a broken connection is as good as its end. */
async function* chunks(
  response: IncomingMessage,
  { reply, upstream, endpoint, watchdog }: Reading,
): AsyncGenerator<ChatChunk, void, void> {
  try {
    yield* endpoint.chunks(response);
  } catch (error) {
    if (reply.isComplete && !watchdog.isCallerGone) return;
    watchdog.signal.throwIfAborted();
    throw error instanceof EngineError
      ? error
      : upstream.failed('broke off in the middle of a reply.', error);
  }
}

interface Reading extends Omit<Asking, 'body'> {
  readonly reply: StreamedReply<unknown>;
  readonly watchdog: Watchdog;
}
