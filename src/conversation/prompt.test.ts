import { expect, test } from 'vitest';
import type { AudioClip } from '../audio/clip.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import { Conversation } from './conversation.ts';
import type { ContentPart, ConversationItem } from './item.ts';
import { PromptWriter } from './prompt.ts';
import type { ResponseRequest } from './responder.ts';

const { signal } = new AbortController();

/** A fake that hears how many clips it was given. */
function counting(): SpeechRecognizer {
  let clips = 0;
  return {
    name: 'counting',
    sampleRate: 16_000,
    languages: [],
    async *recognize(audio) {
      for await (const _ of audio);
      clips += 1;
      yield { type: 'final', text: `Clip ${clips}.`, startMs: 0, endMs: 0 };
    },
  };
}

function request(items: readonly ConversationItem[], instructions = ''): ResponseRequest {
  return {
    conversation: Conversation.of(items),
    instructions,
    modality: 'text',
    voice: 'alloy',
    speed: 1,
    tools: [],
    toolChoice: 'none',
    sampling: {},
  };
}

function said(...content: readonly ContentPart[]): ConversationItem {
  return { kind: 'message', id: 'item_1', role: 'user', status: 'completed', content };
}

/** 100 ms, different for each `value`. */
function clip(value: number): AudioClip {
  return { chunks: [{ samples: new Int16Array(1600).fill(value), sampleRate: 16_000 }] };
}

test('the parts of a message stand in lines of their own, and empty ones in none', async () => {
  const item = said(
    { kind: 'text', text: 'One.' },
    { kind: 'text', text: '' },
    { kind: 'text', text: 'Two.' },
  );
  const prompt = await new PromptWriter(undefined).write(request([item], 'Be kind.'), signal);
  expect(prompt).toEqual({
    messages: [
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'One.\nTwo.' },
    ],
    heardMs: 0,
  });
});

test('a clip is heard once, in whatever request it comes again, and one with a transcript never', async () => {
  const writer = new PromptWriter(counting());
  const items = [
    said({ kind: 'audio', clip: clip(1), transcript: undefined }),
    said({ kind: 'audio', clip: clip(2), transcript: 'Known.' }),
    said({ kind: 'audio', clip: clip(3), transcript: undefined }, { kind: 'text', text: 'Well?' }),
    said({ kind: 'audio', clip: clip(1), transcript: undefined }),
  ];
  const expected = {
    messages: ['Clip 1.', 'Known.', 'Clip 2.\nWell?', 'Clip 1.'].map((text) => ({ role: 'user', text })),
    heardMs: 400,
  };
  expect(await writer.write(request(items), signal)).toEqual(expected);
  expect(await writer.write(request(items), signal)).toEqual(expected);
});

test('audio without a recognizer is refused, unless its words are known', async () => {
  const writer = new PromptWriter(undefined);
  const known = said({ kind: 'audio', clip: clip(1), transcript: 'Known.' });
  expect((await writer.write(request([known]), signal)).messages).toEqual([{ role: 'user', text: 'Known.' }]);
  const unknown = said({ kind: 'audio', clip: clip(1), transcript: undefined });
  await expect(writer.write(request([unknown]), signal)).rejects.toMatchObject({ reason: 'unavailable' });
});

test('the calls of one turn stand in one message of the assistant', async () => {
  const call = (callId: string): ConversationItem => ({
    kind: 'function-call',
    id: callId,
    status: 'completed',
    callId,
    name: 'look',
    arguments: '{}',
  });
  const output: ConversationItem = { kind: 'function-output', id: 'out', callId: 'a', output: 'Seen.' };
  const { messages } = await new PromptWriter(undefined).write(
    request([call('a'), call('b'), output]),
    signal,
  );
  const toolCalls = ['a', 'b'].map((callId) => ({ callId, name: 'look', arguments: '{}' }));
  expect(messages).toEqual([
    { role: 'assistant', text: '', toolCalls },
    { role: 'tool', callId: 'a', output: 'Seen.' },
  ]);
});
