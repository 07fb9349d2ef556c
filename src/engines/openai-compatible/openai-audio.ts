import { AudioFormatError } from '../../audio/audio-format-error.ts';
import type { ConverseEvent, ConverseRequest, SpeechModel } from '../../engine/speech-model.ts';
import { ChatEndpoint } from './chat-endpoint.ts';
import { toSpokenBody } from './spoken-body.ts';
import { SpokenReply } from './spoken-reply.ts';
import { streamReply } from './stream-reply.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';

export interface OpenAiAudioOptions extends UpstreamOptions {
  /** Names the engine in logs and errors. Default `openai-audio`. */
  readonly name?: string | undefined;
  /** The server's voice for names that clients may ask for; any other is asked of it as it is. */
  readonly voices?: Readonly<Record<string, string>> | undefined;
  /** Sent with every request. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A speech model behind any server whose `POST /chat/completions` takes and returns audio: OpenAI, Azure,
 * vLLM-Omni, another Samtal. Clips are sent as WAV at 24 kHz, and its speech comes as `pcm16`.
 */
export function openAiAudio(options: OpenAiAudioOptions): SpeechModel {
  const name = options.name ?? 'openai-audio';
  const upstream = new Upstream(name, options);
  const endpoint = new ChatEndpoint(upstream);
  return {
    name,
    converse: (request, { signal }) => converse({ upstream, endpoint, options, request }, signal),
  };
}

interface Conversing {
  readonly upstream: Upstream;
  readonly endpoint: ChatEndpoint;
  readonly options: OpenAiAudioOptions;
  readonly request: ConverseRequest;
}

async function* converse(
  { upstream, endpoint, options, request }: Conversing,
  signal: AbortSignal,
): AsyncGenerator<ConverseEvent, void, void> {
  signal.throwIfAborted();
  const voice = options.voices?.[request.voice] ?? request.voice;
  const body = await toSpokenBody(options.model, { ...request, voice }, options.extraBody);
  const reply = new SpokenReply(request, upstream.timeouts);
  try {
    yield* streamReply(reply, { upstream, endpoint, body }, signal);
  } catch (error) {
    if (!(error instanceof AudioFormatError)) throw error;
    throw upstream.failed('sent sound that is neither pcm16 nor a WAV file.', error);
  }
}
