import { type AudioChunk, durationMs } from '../../audio/chunk.ts';
import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import { speak } from '../../conversation/speech.ts';
import { toResponseUsage } from '../../conversation/usage.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import { countTokens } from '../../engine/token-count.ts';
import { ApiError } from '../../util/errors.ts';
import { toSpeechDelta, toSpeechDone } from '../../wire/audio/speech-events.ts';
import type { SpeechRequest } from '../../wire/audio/speech-request.ts';
import type { WireObject } from '../../wire/chat/completion.ts';

export interface SpeechCall {
  readonly request: SpeechRequest;
  readonly synthesizer: SpeechSynthesizer;
  readonly codecs: Codecs;
  /** Told what is not as it should be in the speech. */
  readonly onNotice: (notice: string) => void;
}

/**
 * The file that `request` asks for, while it is being spoken.
 * @throws {ApiError} before the first byte when there is nothing in the text to say; `EngineError`.
 */
export async function* speechFile(
  call: SpeechCall,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  yield* encode(call, say(call, signal), signal);
}

/** The same file in the objects of a stream, with the usage at its end. */
export async function* speechEvents(
  call: SpeechCall,
  signal: AbortSignal,
): AsyncGenerator<WireObject, void, void> {
  let spokenMs = 0;
  const speech = say(call, signal, (chunk) => {
    spokenMs += durationMs(chunk);
  });
  for await (const bytes of encode(call, speech, signal)) yield toSpeechDelta(bytes);
  const inputTokens = await countTokens(call.request.input);
  yield toSpeechDone(toResponseUsage({ inputTokens, outputTokens: 0 }, { heardMs: 0, spokenMs }));
}

async function* say(
  { request, synthesizer, onNotice }: SpeechCall,
  signal: AbortSignal,
  onChunk: (chunk: AudioChunk) => void = () => {},
): AsyncGenerator<AudioChunk, void, void> {
  const job = { itemId: 'speech', synthesizer, voice: request.voice, speed: request.speed, onNotice };
  for await (const event of speak(once(request.input), job, signal)) {
    if (event.type !== 'audio-delta') continue;
    onChunk(event.chunk);
    yield event.chunk;
  }
}

/** An encoder may begin with a header, so it is started only once there is something to say. */
async function* encode(
  { request, codecs }: SpeechCall,
  speech: AsyncGenerator<AudioChunk, void, void>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    const first = await speech.next();
    if (first.done) throw nothingToSay();
    const format = request.format === 'pcm' ? 'pcm16' : request.format;
    yield* codecs.encode(startingWith(first.value, speech), format, { signal });
  } finally {
    await speech.return();
  }
}

async function* startingWith(
  first: AudioChunk,
  rest: AsyncIterable<AudioChunk>,
): AsyncGenerator<AudioChunk, void, void> {
  yield first;
  yield* rest;
}

async function* once(text: string): AsyncGenerator<string, void, void> {
  yield text;
}

function nothingToSay(): ApiError {
  return new ApiError('invalid-value', "Invalid 'input': there is nothing in it that can be spoken.", {
    param: 'input',
  });
}
