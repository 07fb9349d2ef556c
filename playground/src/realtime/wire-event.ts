/** A message of the Realtime protocol, of either dialect and in either direction. */
export interface WireEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The same events under the names that preview gave them. */
const PREVIEW_NAMES: Readonly<Record<string, string>> = {
  'response.output_audio.delta': 'response.audio.delta',
  'response.output_audio.done': 'response.audio.done',
  'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
  'response.output_audio_transcript.done': 'response.audio_transcript.done',
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
  'conversation.item.added': 'conversation.item.created',
};

/** What an event is called in preview, so that what reads events need know one dialect only. */
export function previewName(type: string): string {
  return PREVIEW_NAMES[type] ?? type;
}

/** A text field, or `''` where a server left it out. */
export function textOf(source: unknown, field: string): string {
  const value = fieldOf(source, field);
  return typeof value === 'string' ? value : '';
}

export function numberOf(source: unknown, field: string): number | undefined {
  const value = fieldOf(source, field);
  return typeof value === 'number' ? value : undefined;
}

export function listOf(source: unknown, field: string): readonly unknown[] {
  const value = fieldOf(source, field);
  return Array.isArray(value) ? value : [];
}

export function fieldOf(source: unknown, field: string): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  return (source as Readonly<Record<string, unknown>>)[field];
}

/** The id of the item that an event is about. */
export function itemIdOf(event: WireEvent): string {
  return textOf(event, 'item_id') || textOf(event['item'], 'id');
}

/** The id of the response that an event is about. */
export function responseIdOf(event: WireEvent): string {
  return textOf(event, 'response_id') || textOf(event['response'], 'id');
}

/** @returns undefined when the text is no message of the protocol */
export function parseEvent(text: string): WireEvent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // What has a type and is an object is an event; its fields are read one by one.
    return textOf(value, 'type') === '' ? undefined : (value as WireEvent);
  } catch {
    return undefined;
  }
}
