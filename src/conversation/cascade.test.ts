import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { LanguageModel } from '../engine/language-model.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { cascade } from './cascade.ts';
import { Conversation } from './conversation.ts';
import type { ResponseRequest } from './responder.ts';

const SPOKEN: ResponseRequest = {
  conversation: Conversation.empty,
  instructions: '',
  modality: 'audio',
  voice: 'alloy',
  speed: 1,
  tools: [],
  toolChoice: 'none',
  sampling: {},
};

/** A fake: writes a sentence and then nothing until it is aborted. */
const endlessModel: LanguageModel = {
  name: 'fake-endless',
  generate: async function* (_, { signal }) {
    yield { type: 'text-delta', delta: 'This is the first sentence. And this ' };
    await once(signal, 'abort');
    throw signal.reason;
  },
};

function respond(synthesizer: SpeechSynthesizer, signal: AbortSignal) {
  const engines = { recognizer: undefined, languageModel: endlessModel, synthesizer };
  return cascade({ ...engines, newId: (prefix) => `${prefix}1` }).respond(SPOKEN, { signal });
}

/** A fake of a voice, which does what `say` does with the first piece. */
function fakeVoice(say: (piece: string) => Int16Array): SpeechSynthesizer {
  return {
    name: 'fake',
    sampleRate: 24_000,
    voices: [],
    languages: [],
    synthesize: async function* (text) {
      for await (const piece of text)
        yield { type: 'audio', chunk: { samples: say(piece), sampleRate: 24_000 } };
    },
  };
}

test('a voice that breaks ends the reply, also while the model says nothing', async () => {
  const voice = fakeVoice(() => {
    throw new Error('the voice broke');
  });
  const events = Array.fromAsync(respond(voice, new AbortController().signal));
  await expect(events).rejects.toThrow('the voice broke');
});

test('leaving a reply ends the model, also while it says nothing', async () => {
  const voice = fakeVoice(() => new Int16Array(2_400));
  const types: string[] = [];
  for await (const event of respond(voice, new AbortController().signal)) {
    types.push(event.type);
    if (event.type === 'audio-delta') break;
  }
  expect(types).toEqual(['item-start', 'transcript-delta', 'audio-delta']);
});
