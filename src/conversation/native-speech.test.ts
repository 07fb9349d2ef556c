import { expect, test } from 'vitest';
import type { ConverseEvent, ConverseRequest, SpeechModel } from '../engine/speech-model.ts';
import { Conversation } from './conversation.ts';
import type { ConversationItem } from './item.ts';
import { nativeSpeech } from './native-speech.ts';
import type { ResponseEvent, ResponseRequest } from './responder.ts';

const FINISH = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 5, outputTokens: 3 },
} as const satisfies ConverseEvent;
const ASK: ResponseRequest = {
  conversation: Conversation.empty,
  instructions: '',
  modality: 'audio',
  voice: 'alloy',
  speed: 1,
  tools: [],
  toolChoice: 'auto',
  sampling: {},
};

/** A fake: tells `events` to whoever asks, and notes what was asked. */
function fakeSpeechModel(...events: readonly ConverseEvent[]) {
  const asked: ConverseRequest[] = [];
  const model: SpeechModel = {
    name: 'fake-speech-model',
    async *converse(request) {
      asked.push(request);
      yield* events;
    },
  };
  return { model, asked };
}

async function respond(model: SpeechModel, request: Partial<ResponseRequest> = {}): Promise<ResponseEvent[]> {
  const ids = ['1', '2', '3'];
  const responder = nativeSpeech({ model, newId: (prefix) => prefix + ids.shift() });
  const events = responder.respond({ ...ASK, ...request }, { signal: new AbortController().signal });
  return await Array.fromAsync(events);
}

function audio(samples: number, sampleRate = 24_000): ConverseEvent {
  return { type: 'audio', chunk: { samples: new Int16Array(samples), sampleRate } };
}

test('words and sound become one message, which is said by the end of its sound', async () => {
  const { model } = fakeSpeechModel(
    { type: 'text-delta', delta: 'Good ' },
    audio(2_400),
    { type: 'text-delta', delta: 'morning.' },
    audio(2_400),
    FINISH,
  );
  const events = await respond(model);
  expect(events.map(({ type }) => type)).toEqual([
    'item-start',
    'transcript-delta',
    'audio-delta',
    'transcript-delta',
    'audio-delta',
    'spoken',
    'item-end',
    'finish',
  ]);
  expect(events[5]).toEqual({ type: 'spoken', itemId: 'item_1', text: 'Good morning.', endMs: 200 });
  expect(events[6]).toMatchObject({ item: { content: [{ kind: 'audio', transcript: 'Good morning.' }] } });
});

test('sound counts by how long it lasts unless the model has counted it', async () => {
  const { model } = fakeSpeechModel(audio(24_000), FINISH);
  expect((await respond(model)).at(-1)).toMatchObject({
    usage: { outputTextTokens: 3, outputAudioTokens: 20 },
  });
  const usage = { ...FINISH.usage, outputAudioTokens: 7, inputAudioTokens: 9 };
  const counting = fakeSpeechModel(audio(24_000), { ...FINISH, usage }).model;
  expect((await respond(counting)).at(-1)).toMatchObject({
    usage: { inputAudioTokens: 9, outputAudioTokens: 7 },
  });
});

test('sound at another rate is brought to 24 kHz, and keeps its length', async () => {
  const { model } = fakeSpeechModel(audio(1_600, 16_000), audio(1_600, 16_000), FINISH);
  const chunks = (await respond(model)).flatMap((event) =>
    event.type === 'audio-delta' ? [event.chunk] : [],
  );
  expect(new Set(chunks.map(({ sampleRate }) => sampleRate))).toEqual(new Set([24_000]));
  expect(chunks.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(4_800);
});

test('a tool call ends the message before it', async () => {
  const { model } = fakeSpeechModel(
    { type: 'text-delta', delta: 'One moment.' },
    audio(240),
    { type: 'tool-call-start', callId: 'call_1', name: 'look' },
    { type: 'tool-call-delta', callId: 'call_1', delta: '{}' },
    { type: 'tool-call-end', callId: 'call_1' },
    { ...FINISH, reason: 'tool-calls' },
  );
  const ended = (await respond(model)).flatMap((event) => (event.type === 'item-end' ? [event.item] : []));
  expect(ended).toMatchObject([
    { kind: 'message', id: 'item_1' },
    { kind: 'function-call', id: 'item_2', callId: 'call_1', name: 'look', arguments: '{}' },
  ]);
});

test('a reply without anything is one empty message', async () => {
  const { model } = fakeSpeechModel(FINISH);
  expect((await respond(model)).map(({ type }) => type)).toEqual(['item-start', 'item-end', 'finish']);
});

test('a written reply is text', async () => {
  const { model } = fakeSpeechModel({ type: 'text-delta', delta: 'Hi.' }, FINISH);
  expect((await respond(model, { modality: 'text' }))[1]).toEqual({
    type: 'text-delta',
    itemId: 'item_1',
    delta: 'Hi.',
  });
});

test('the user is handed on as they sound, the assistant by its words', async () => {
  const clip = { chunks: [{ samples: new Int16Array(240), sampleRate: 24_000 }] };
  const said = (
    role: 'user' | 'assistant',
    transcript: string | undefined,
    sound = clip,
  ): ConversationItem => ({
    kind: 'message',
    id: role,
    role,
    status: 'completed',
    content: [{ kind: 'audio', clip: sound, transcript }],
  });
  const { model, asked } = fakeSpeechModel(FINISH);
  const conversation = Conversation.of([
    said('user', 'long ago', { chunks: [] }),
    said('user', 'heard'),
    said('assistant', 'An answer.'),
    { kind: 'function-call', id: 'c', status: 'completed', callId: 'call_1', name: 'look', arguments: '{}' },
    { kind: 'function-output', id: 'o', callId: 'call_1', output: 'found' },
  ]);
  await respond(model, { conversation, instructions: 'Be brief.' });
  expect(asked[0]?.messages).toEqual([
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'long ago' },
    { role: 'user', parts: [{ kind: 'audio', clip }] },
    {
      role: 'assistant',
      text: 'An answer.',
      toolCalls: [{ callId: 'call_1', name: 'look', arguments: '{}' }],
    },
    { role: 'tool', callId: 'call_1', output: 'found' },
  ]);
});

test('another pace is refused', async () => {
  const { model } = fakeSpeechModel(FINISH);
  await expect(respond(model, { speed: 1.5 })).rejects.toMatchObject({ reason: 'unsupported' });
});

test('a model that stops without an end fails', async () => {
  const { model } = fakeSpeechModel(audio(240));
  await expect(respond(model)).rejects.toMatchObject({ reason: 'failed' });
});
