import type { ResponseUsage } from '../../../conversation/responder.ts';
import type { ResponseSnapshot } from '../../../realtime/session-event.ts';
import { commandTable } from '../client-events.ts';
import { problemRow, replyRows, sharedRows } from '../common.ts';
import type { Revision, WireBody, WireObject } from '../dialect.ts';
import { transcriptionSessionSchema } from '../flat-input.ts';
import { itemObject, outputItemObject, type ReplyWords, retrievedItemObject } from '../item-object.ts';
import { outputTokenDetails, responseHead, responseTail, usageTotals } from '../response-object.ts';
import { maxTokensValue } from '../session-object.ts';
import { formatObject, sessionObject } from './session-object.ts';
import { responseSchema, sessionSchema } from './session-schema.ts';

const WORDS: ReplyWords = { text: 'output_text', audio: 'output_audio' };

/** The Realtime API since 2025-08 (contract 3). */
export const ga: Revision = {
  name: 'ga',
  schemas: { session: sessionSchema, transcriptionSession: sessionSchema },
  commands: commandTable({
    session: sessionSchema,
    transcriptionSession: transcriptionSessionSchema,
    response: responseSchema,
  }),
  sessionObject,
  rows: {
    ...sharedRows,
    ...replyRows({
      text: 'response.output_text',
      audio: 'response.output_audio',
      transcript: 'response.output_audio_transcript',
    }),
    problem: problemRow((param) => (param === 'session.voice' ? 'session.audio.output.voice' : param)),
    'session-start': ({ session }) => [{ type: 'session.created', session: sessionObject(session) }],
    'session-updated': ({ session }) => [{ type: 'session.updated', session: sessionObject(session) }],
    'idle-timeout': ({ itemId, startMs, endMs }) => [
      {
        type: 'input_audio_buffer.timeout_triggered',
        audio_start_ms: startMs,
        audio_end_ms: endMs,
        item_id: itemId,
      },
    ],
    'item-added': ({ item, previousItemId }) => {
      const wireItem = itemObject(item, WORDS);
      return [placed('added', previousItemId, wireItem), placed('done', previousItemId, wireItem)];
    },
    'item-retrieved': ({ item, inputFormat }) => [
      { type: 'conversation.item.retrieved', item: retrievedItemObject(item, WORDS, inputFormat) },
    ],
    'transcription-end': ({ itemId, transcript, audioMs }) => [
      {
        type: 'conversation.item.input_audio_transcription.completed',
        item_id: itemId,
        content_index: 0,
        transcript,
        usage: { type: 'duration', seconds: audioMs / 1000 },
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
      return previousItemId === undefined ? [added] : [added, placed('added', previousItemId, wireItem)];
    },
    'output-item-end': ({ responseId, item, outputIndex, previousItemId }) => {
      const wireItem = outputItemObject(item, WORDS);
      const done = {
        type: 'response.output_item.done',
        response_id: responseId,
        output_index: outputIndex,
        item: wireItem,
      };
      return previousItemId === undefined ? [done] : [placed('done', previousItemId, wireItem), done];
    },
  },
};

function placed(what: 'added' | 'done', previousItemId: string | null, item: WireObject): WireBody {
  return { type: `conversation.item.${what}`, previous_item_id: previousItemId, item };
}

function responseObject(response: ResponseSnapshot): WireObject {
  const { config, usage } = response;
  return {
    ...responseHead(response, WORDS),
    output_modalities: [config.modality],
    max_output_tokens: maxTokensValue(config),
    audio: { output: { format: formatObject(config.outputFormat), voice: config.voice } },
    ...responseTail(response, usage ? usageObject(usage) : null),
  };
}

function usageObject(usage: ResponseUsage): WireObject {
  return {
    ...usageTotals(usage),
    input_token_details: {
      text_tokens: usage.inputTextTokens,
      audio_tokens: usage.inputAudioTokens,
      image_tokens: 0,
      cached_tokens: usage.cachedInputTokens,
      cached_tokens_details: { text_tokens: usage.cachedInputTokens, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: outputTokenDetails(usage),
  };
}
