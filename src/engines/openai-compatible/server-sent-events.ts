import { createParser } from 'eventsource-parser';

/** A line longer than this, in characters, is a fault of the server. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * The data of each event in a body of type text/event-stream. Comments and unknown fields are passed over,
 * and an event that the end of the body cuts off counts.
 * @throws {ParseError} when an event is longer than 16 million characters.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data), maxBufferSize: LONGEST_EVENT });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* events.splice(0);
  }
  parser.feed(`${decoder.decode()}\n\n`);
  yield* events.splice(0);
}
