import type { ResponseUsage } from '../../../conversation/responder.ts';
import type { ResponseSnapshot } from '../../../realtime/session-event.ts';
import { commandTable } from '../client-events.ts';
import { problemRow, replyRows, sharedRows } from '../common.ts';
import type { Revision, WireBody, WireObject } from '../dialect.ts';
import { spellFormat, transcriptionSessionSchema } from '../flat-input.ts';
import { itemObject, outputItemObject, type ReplyWords, retrievedItemObject } from '../item-object.ts';
import { outputTokenDetails, responseHead, responseTail, usageTotals } from '../response-object.ts';
import { maxTokensValue } from '../session-object.ts';
import { sessionObject, TEMPERATURE } from './session-object.ts';
import { responseSchema, sessionSchema } from './session-schema.ts';

const WORDS: ReplyWords = { text: 'text', audio: 'audio' };

/** The Realtime API of 2024-10 to 2025-06, which Azure calls preview and OpenAI beta (contract 2). */
export const preview: Revision = {
  name: 'preview',
  schemas: { session: sessionSchema, transcriptionSession: transcriptionSessionSchema },
  commands: commandTable({
    session: sessionSchema,
    transcriptionSession: transcriptionSessionSchema,
    response: responseSchema,
  }),
  sessionObject,
  rows: {
    ...sharedRows,
    ...replyRows({ text: 'response.text', audio: 'response.audio', transcript: 'response.audio_transcript' }),
    problem: problemRow((param) => param),
    'session-start': ({ session }) => [
      { type: `${familyOf(session.config)}.created`, session: sessionObject(session) },
    ],
    'session-updated': ({ session }) => [
      { type: `${familyOf(session.config)}.updated`, session: sessionObject(session) },
    ],
    'idle-timeout': () => [],
    'item-added': ({ item, previousItemId }) => [created(previousItemId, itemObject(item, WORDS))],
    'item-retrieved': ({ item, inputFormat }) => [
      { type: 'conversation.item.retrieved', item: retrievedItemObject(item, WORDS, inputFormat) },
    ],
    'transcription-end': ({ itemId, transcript }) => [
      {
        type: 'conversation.item.input_audio_transcription.completed',
        item_id: itemId,
        content_index: 0,
        transcript,
      },
    ],
    'response-start': ({ response }) => [{ type: 'response.created', response: responseObject(response) }],
    'response-end': ({ response }) => [{ type: 'response.done', response: responseObject(response) }],
    'output-item-start': ({ responseId, item, outputIndex, previousItemId }) => {
      const wireItem = outputItemObject(item, WORDS);
      const added = {
        type: 'response.output_item.added',
        response_id: responseId,
        output_index: outputIndex,
        item: wireItem,
      };
      return previousItemId === undefined ? [added] : [added, created(previousItemId, wireItem)];
    },
    'output-item-end': ({ responseId, item, outputIndex }) => [
      {
        type: 'response.output_item.done',
        response_id: responseId,
        output_index: outputIndex,
        item: outputItemObject(item, WORDS),
      },
    ],
  },
};

function familyOf({ purpose }: ResponseSnapshot['config']): 'session' | 'transcription_session' {
  return purpose === 'conversation' ? 'session' : 'transcription_session';
}

function created(previousItemId: string | null, item: WireObject): WireBody {
  return { type: 'conversation.item.created', previous_item_id: previousItemId, item };
}

function responseObject(response: ResponseSnapshot): WireObject {
  const { config, usage } = response;
  return {
    ...responseHead(response, WORDS),
    modalities: config.modality === 'audio' ? ['text', 'audio'] : ['text'],
    voice: config.voice,
    output_audio_format: spellFormat(config.outputFormat, config.echo['output_audio_format']),
    temperature: config.temperature ?? TEMPERATURE,
    max_output_tokens: maxTokensValue(config),
    ...responseTail(response, usage ? usageObject(usage) : null),
  };
}

function usageObject(usage: ResponseUsage): WireObject {
  return {
    ...usageTotals(usage),
    input_token_details: {
      cached_tokens: usage.cachedInputTokens,
      text_tokens: usage.inputTextTokens,
      audio_tokens: usage.inputAudioTokens,
      cached_tokens_details: { text_tokens: usage.cachedInputTokens, audio_tokens: 0 },
    },
    output_token_details: outputTokenDetails(usage),
  };
}
