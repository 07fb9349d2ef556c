import { fromBase64 } from '../audio/base64.ts';
import { call } from '../server/api.ts';
import {
  type Answer,
  addChunk,
  NO_ANSWER,
  toAnswer,
  toSamples,
  toSpokenReply,
  toStreamedReply,
} from './answer.ts';
import { API_VERSION, toBody } from './chat-request.ts';
import { isStreamed } from './chat-settings.ts';
import type { Completion, CompletionChunk } from './completion.ts';
import { readChunks } from './read-chunks.ts';
import type { ChatRequest } from './request-message.ts';
import type { AnswerContent } from './turn.ts';

export interface AskOptions {
  readonly secret: string | undefined;
  readonly signal: AbortSignal;
  /** Hears the samples of a stream as they come, 24 kHz mono. */
  readonly onSamples?: (samples: Int16Array<ArrayBuffer>) => void;
}

/** What of an answer's turn an event changes. */
export type AnswerChange = Partial<
  Pick<
    AnswerContent,
    | 'text'
    | 'isSpoken'
    | 'audio'
    | 'toolCalls'
    | 'finishReason'
    | 'usage'
    | 'request'
    | 'response'
    | 'requestId'
  >
>;

/**
 * Asks for an answer and tells it as it comes. The audio is told once, at the end, and also when the answer
 * was stopped or broke off on the way.
 * @throws {ServerError} when the server refuses or fails; `AbortError` when `signal` says so
 */
export async function* ask(request: ChatRequest, options: AskOptions): AsyncGenerator<AnswerChange> {
  const { secret, signal } = options;
  const { deployment } = request.settings;
  yield { request };
  const path = `/openai/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=${API_VERSION}`;
  const response = await call(path, { method: 'POST', body: toBody(request), secret, signal });
  yield { requestId: response.headers.get('x-request-id') ?? undefined };
  if (isStreamed(request.settings)) yield* stream(response, options);
  else yield toChange((await response.json()) as Completion, request);
}

async function* stream(response: Response, { onSamples }: AskOptions): AsyncGenerator<AnswerChange> {
  const chunks: CompletionChunk[] = [];
  const pieces: Int16Array<ArrayBuffer>[] = [];
  let answer = NO_ANSWER;
  try {
    for await (const chunk of readChunks(response)) {
      chunks.push(chunk);
      answer = addChunk(answer, chunk);
      const data = chunk.choices[0]?.delta.audio?.data;
      if (data) {
        const samples = toSamples(data);
        pieces.push(samples);
        onSamples?.(samples);
      }
      yield withoutIds(answer);
    }
  } catch (error) {
    // An id that was never finished can not be referred to.
    yield { audio: toStreamedReply({ audioId: undefined, expiresAt: undefined }, pieces), response: chunks };
    throw error;
  }
  yield { audio: toStreamedReply(answer, pieces), response: chunks };
}

function toChange(completion: Completion, { settings: { format } }: ChatRequest): AnswerChange {
  const answer = toAnswer(completion);
  const data = completion.choices[0]?.message.audio?.data;
  return {
    ...withoutIds(answer),
    audio: data === undefined ? undefined : toSpokenReply(answer, format, fromBase64(data)),
    response: completion,
  };
}

function withoutIds({ text, isSpoken, toolCalls, finishReason, usage }: Answer): AnswerChange {
  return { text, isSpoken, toolCalls, finishReason, usage };
}
