import { expect, test } from 'vitest';
import type { SessionEvent } from '../../../realtime/session-event.ts';
import { sampleEvents } from '../testing/sample-events.ts';
import { ga } from './ga.ts';

/**
 * What GA tells of each sample, key by key and in order, as recorded frames have it (contract 3.2 to 3.4).
 * The schemas can not say this: they take any key more, and leave out some that clients rely on.
 */
const TOLD: Readonly<Record<SessionEvent['type'], readonly string[]>> = {
  'audio-committed': [
    '{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_0"}',
    '{"type":"input_audio_buffer.committed","previous_item_id":"item_9","item_id":"item_0"}',
  ],
  'audio-cleared': ['{"type":"input_audio_buffer.cleared"}'],
  'speech-start': ['{"type":"input_audio_buffer.speech_started","audio_start_ms":640,"item_id":"item_0"}'],
  'speech-end': ['{"type":"input_audio_buffer.speech_stopped","audio_end_ms":2100,"item_id":"item_0"}'],
  'idle-timeout': [
    '{"type":"input_audio_buffer.timeout_triggered","audio_start_ms":0,"audio_end_ms":6000,"item_id":"item_0"}',
  ],
  'item-added': [
    '{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null}]}}',
    '{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null}]}}',
    '{"type":"conversation.item.added","previous_item_id":"item_9","item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"Hi."}]}}',
    '{"type":"conversation.item.done","previous_item_id":"item_9","item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"Hi."}]}}',
    '{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"system","content":[{"type":"input_text","text":"Be kind."}]}}',
    '{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"system","content":[{"type":"input_text","text":"Be kind."}]}}',
    '{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}}',
    '{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}}',
    '{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_2","object":"realtime.item","type":"function_call","status":"completed","name":"get_weather","call_id":"call_1","arguments":"{}"}}',
    '{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_2","object":"realtime.item","type":"function_call","status":"completed","name":"get_weather","call_id":"call_1","arguments":"{}"}}',
    '{"type":"conversation.item.added","previous_item_id":"item_2","item":{"id":"item_3","object":"realtime.item","type":"function_call_output","status":"completed","call_id":"call_1","output":"Sunny."}}',
    '{"type":"conversation.item.done","previous_item_id":"item_2","item":{"id":"item_3","object":"realtime.item","type":"function_call_output","status":"completed","call_id":"call_1","output":"Sunny."}}',
  ],
  'item-retrieved': [
    '{"type":"conversation.item.retrieved","item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null,"audio":"AQD+/w==","format":"pcm16"}]}}',
    '{"type":"conversation.item.retrieved","item":{"id":"item_0","object":"realtime.item","type":"message","status":"incomplete","role":"assistant","content":[{"type":"output_audio","transcript":"Hello.","audio":"AQD+/w==","format":"pcm16"}]}}',
    '{"type":"conversation.item.retrieved","item":{"id":"item_0","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":"Hm.","audio":"VdU=","format":"g711_alaw"}]}}',
  ],
  'item-truncated': [
    '{"type":"conversation.item.truncated","item_id":"item_1","content_index":0,"audio_end_ms":1500}',
  ],
  'item-deleted': ['{"type":"conversation.item.deleted","item_id":"item_1"}'],
  'transcription-delta': [
    '{"type":"conversation.item.input_audio_transcription.delta","item_id":"item_0","content_index":0,"delta":"What "}',
  ],
  'transcription-end': [
    '{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_0","content_index":0,"transcript":"What is the weather?","usage":{"type":"duration","seconds":1.46}}',
  ],
  'transcription-failed': [
    '{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_0","content_index":0,"error":{"type":"transcription_error","code":"transcription_failed","message":"The speech recognizer failed."}}',
  ],
  'trace-score': [
    '{"type":"samtal.voice_activity","audio_ms":1200,"score":0.75,"threshold":0.5,"is_speech":true}',
  ],
  'trace-mark': [
    '{"type":"samtal.mark","mark":"first_token","at_ms":2150,"response_id":"resp_1"}',
    '{"type":"samtal.mark","mark":"speech_end","at_ms":1500,"item_id":"item_0"}',
  ],
  problem: [
    `{"type":"error","error":{"type":"invalid_request_error","code":"cannot_update_voice","message":"Cannot update a conversation's voice if assistant audio is present.","param":"session.audio.output.voice","event_id":"mine"}}`,
    '{"type":"error","error":{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"Wait.","param":null,"event_id":null}}',
    '{"type":"error","error":{"type":"server_error","code":"server_error","message":"It broke.","param":null,"event_id":null}}',
  ],
  'output-item-start': [
    '{"type":"response.output_item.added","response_id":"resp_1","output_index":0,"item":{"id":"item_1","object":"realtime.item","type":"message","status":"in_progress","role":"assistant","content":[]}}',
    '{"type":"conversation.item.added","previous_item_id":"item_0","item":{"id":"item_1","object":"realtime.item","type":"message","status":"in_progress","role":"assistant","content":[]}}',
    '{"type":"response.output_item.added","response_id":"resp_1","output_index":1,"item":{"id":"item_2","object":"realtime.item","type":"function_call","status":"in_progress","name":"get_weather","call_id":"call_1","arguments":""}}',
  ],
  'output-part-start': [
    '{"type":"response.content_part.added","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"part":{"type":"audio","transcript":""}}',
    '{"type":"response.content_part.added","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"part":{"type":"text","text":""}}',
  ],
  'output-text-delta': [
    '{"type":"response.output_text.delta","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"Hel"}',
  ],
  'output-transcript-delta': [
    '{"type":"response.output_audio_transcript.delta","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"Hel"}',
  ],
  'output-audio-delta': [
    '{"type":"response.output_audio.delta","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"AQD+/w=="}',
  ],
  'output-part-end': [
    '{"type":"response.output_audio.done","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0}',
    '{"type":"response.output_audio_transcript.done","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"transcript":"Hello."}',
    '{"type":"response.content_part.done","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"part":{"type":"audio","transcript":"Hello."}}',
    '{"type":"response.output_text.done","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"text":"Hello."}',
    '{"type":"response.content_part.done","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"part":{"type":"text","text":"Hello."}}',
  ],
  'output-arguments-delta': [
    '{"type":"response.function_call_arguments.delta","response_id":"resp_1","item_id":"item_2","output_index":1,"call_id":"call_1","delta":"{\\"ci"}',
  ],
  'output-arguments-end': [
    '{"type":"response.function_call_arguments.done","response_id":"resp_1","item_id":"item_2","output_index":1,"call_id":"call_1","name":"get_weather","arguments":"{\\"city\\":\\"Oslo\\"}"}',
  ],
  'output-item-end': [
    '{"type":"conversation.item.done","previous_item_id":"item_0","item":{"id":"item_1","object":"realtime.item","type":"message","status":"incomplete","role":"assistant","content":[{"type":"output_audio","transcript":"Hello."}]}}',
    '{"type":"response.output_item.done","response_id":"resp_1","output_index":0,"item":{"id":"item_1","object":"realtime.item","type":"message","status":"incomplete","role":"assistant","content":[{"type":"output_audio","transcript":"Hello."}]}}',
    '{"type":"response.output_item.done","response_id":"resp_1","output_index":1,"item":{"id":"item_2","object":"realtime.item","type":"function_call","status":"completed","name":"get_weather","call_id":"call_1","arguments":"{\\"city\\":\\"Oslo\\"}"}}',
  ],
  'session-start': [
    '{"type":"session.created","session":{"type":"realtime","object":"realtime.session","id":"sess_1","model":"gpt-realtime","output_modalities":["audio"],"instructions":"","tools":[],"tool_choice":"auto","max_output_tokens":"inf","tracing":null,"truncation":"auto","prompt":null,"expires_at":1756324625,"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null,"noise_reduction":null,"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}},"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1}},"include":null}}',
    '{"type":"session.created","session":{"type":"transcription","object":"realtime.transcription_session","id":"sess_1","expires_at":1756324625,"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null,"noise_reduction":null,"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200}}},"include":null}}',
  ],
  'session-updated': [
    '{"type":"session.updated","session":{"type":"realtime","object":"realtime.session","id":"sess_1","model":"gpt-realtime","output_modalities":["audio"],"instructions":"Be brief.","tools":[{"type":"function","name":"get_weather","description":"The weather.","parameters":{"type":"object"}},{"type":"function","name":"hang_up"}],"tool_choice":{"type":"function","name":"get_weather"},"max_output_tokens":100,"tracing":"auto","truncation":"disabled","prompt":null,"expires_at":1756324625,"audio":{"input":{"format":{"type":"audio/pcma"},"transcription":{"model":"gpt-4o-transcribe","language":"sv","prompt":"Names of cities."},"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}},"output":{"format":{"type":"audio/pcmu"},"voice":"marin","speed":1}},"include":null}}',
    '{"type":"session.updated","session":{"type":"realtime","object":"realtime.session","id":"sess_1","model":"gpt-realtime","output_modalities":["text"],"instructions":"","tools":[],"tool_choice":"auto","max_output_tokens":"inf","tracing":null,"truncation":"auto","prompt":null,"expires_at":1756324625,"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"whisper-1"},"noise_reduction":null,"turn_detection":{"type":"semantic_vad","eagerness":"low","create_response":true,"interrupt_response":false}},"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1}},"include":null}}',
    '{"type":"session.updated","session":{"type":"transcription","object":"realtime.transcription_session","id":"sess_1","expires_at":1756324625,"audio":{"input":{"format":{"type":"audio/pcma"},"transcription":{"model":"gpt-4o-transcribe","language":"sv","prompt":"Names of cities."},"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200}}},"include":null}}',
  ],
  'response-start': [
    '{"type":"response.created","response":{"object":"realtime.response","id":"resp_1","status":"in_progress","status_details":null,"output":[],"conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":null,"metadata":null}}',
    '{"type":"response.created","response":{"object":"realtime.response","id":"resp_1","status":"in_progress","status_details":null,"output":[],"conversation_id":null,"output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":null,"metadata":{"topic":"weather"}}}',
  ],
  'response-end': [
    '{"type":"response.done","response":{"object":"realtime.response","id":"resp_1","status":"completed","status_details":null,"output":[{"id":"item_1","object":"realtime.item","type":"message","status":"completed","role":"assistant","content":[{"type":"output_audio","transcript":"Hello."}]},{"id":"item_2","object":"realtime.item","type":"function_call","status":"completed","name":"get_weather","call_id":"call_1","arguments":"{\\"city\\":\\"Oslo\\"}"}],"conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":{"total_tokens":160,"input_tokens":93,"output_tokens":67,"input_token_details":{"text_tokens":83,"audio_tokens":10,"image_tokens":0,"cached_tokens":64,"cached_tokens_details":{"text_tokens":64,"audio_tokens":0,"image_tokens":0}},"output_token_details":{"text_tokens":20,"audio_tokens":47}},"metadata":null}}',
    '{"type":"response.done","response":{"object":"realtime.response","id":"resp_1","status":"cancelled","status_details":{"type":"cancelled","reason":"turn_detected"},"output":[],"conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":null,"metadata":null}}',
    '{"type":"response.done","response":{"object":"realtime.response","id":"resp_1","status":"incomplete","status_details":{"type":"incomplete","reason":"max_output_tokens"},"output":[],"conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":null,"metadata":null}}',
    '{"type":"response.done","response":{"object":"realtime.response","id":"resp_1","status":"failed","status_details":{"type":"failed","error":{"type":"server_error","code":"server_error","message":"It broke."}},"output":[],"conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":null,"metadata":null}}',
  ],
};

const samples = Object.entries(sampleEvents('ga'));

test.for(samples)('%s is told as it is on the wire', ([type, events]) => {
  const told = events.flatMap((event) => rowOf(event)(event));
  expect(told.map((body) => JSON.stringify(body))).toEqual(TOLD[type as SessionEvent['type']]);
});

function rowOf(event: SessionEvent): (event: SessionEvent) => readonly { readonly type: string }[] {
  return ga.rows[event.type] as (event: SessionEvent) => readonly { readonly type: string }[];
}
