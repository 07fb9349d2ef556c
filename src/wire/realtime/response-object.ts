import type { ResponseUsage } from '../../conversation/responder.ts';
import type { ResponseSnapshot, ResponseStatus } from '../../realtime/session-event.ts';
import type { WireObject } from './dialect.ts';
import { outputItemObject, type ReplyWords } from './item-object.ts';

/** What both dialects say first of a response. */
export function responseHead(response: ResponseSnapshot, words: ReplyWords): WireObject {
  return {
    object: 'realtime.response',
    id: response.id,
    status: response.status.type.replace('-', '_'),
    status_details: statusDetails(response.status),
    output: response.output.map((item) => outputItemObject(item, words)),
    conversation_id: response.conversationId,
  };
}

/** And what they say last. */
export function responseTail(response: ResponseSnapshot, usage: WireObject | null): WireObject {
  return { usage, metadata: response.metadata ?? null };
}

export function usageTotals(usage: ResponseUsage): WireObject {
  const input = usage.inputTextTokens + usage.inputAudioTokens;
  const output = usage.outputTextTokens + usage.outputAudioTokens;
  return { total_tokens: input + output, input_tokens: input, output_tokens: output };
}

export function outputTokenDetails(usage: ResponseUsage): WireObject {
  return { text_tokens: usage.outputTextTokens, audio_tokens: usage.outputAudioTokens };
}

function statusDetails(status: ResponseStatus): WireObject | null {
  switch (status.type) {
    case 'in-progress':
    case 'completed':
      return null;
    case 'cancelled':
      return { type: 'cancelled', reason: status.reason.replace('-', '_') };
    case 'incomplete':
      return { type: 'incomplete', reason: status.reason.replaceAll('-', '_') };
    case 'failed': {
      const type = status.code === 'rate_limit_exceeded' ? 'rate_limit_error' : 'server_error';
      return { type: 'failed', error: { type, code: status.code, message: status.message } };
    }
  }
}
