import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDialect, defaultSessionConfig } from '../../src/wire/realtime/index.ts';
import { sharedFolder } from '../support/shared.ts';

const folder = sharedFolder('contract/schemas', 'decoding of the client events printed in the reference');

interface Example {
  readonly name: string;
  readonly dialect: 'preview' | 'ga';
  readonly message: { readonly type: string };
}

const ONLY_WEBRTC = "'output_audio_buffer.clear' is for WebRTC, where the server plays the audio.";

const NO_LOGPROBS =
  "The recognizers here give no log probabilities. Leave 'item.input_audio_transcription.logprobs' out of 'include'.";

/** Why an example is not done here; one of beta is printed there in GA's shape. */
const REFUSED: Readonly<Record<string, string>> = {
  RealtimeClientEventOutputAudioBufferClear: ONLY_WEBRTC,
  RealtimeBetaClientEventOutputAudioBufferClear: ONLY_WEBRTC,
  RealtimeClientEventTranscriptionSessionUpdate: NO_LOGPROBS,
  RealtimeBetaClientEventTranscriptionSessionUpdate: NO_LOGPROBS,
  'RealtimeBetaClientEventResponseCreate, second': "Unknown parameter: 'response.output_modalities'.",
};

test.runIf(folder).for(folder ? readExamples(folder) : [])(
  '$name is read',
  ({ name: example, dialect: name, message }) => {
    const defaults = defaultSessionConfig(name);
    const dialect = createDialect(name, { defaults, newId: (prefix) => `${prefix}1` });
    const decoded = dialect.decode(message, defaults);
    expect(decoded.ok ? undefined : decoded.problem.message).toBe(REFUSED[example]);
  },
);

test.runIf(folder)('there are examples of all twelve client events in both dialects', () => {
  const examples = folder ? readExamples(folder) : [];
  expect(new Set(examples.map(({ dialect, message }) => `${dialect} ${message.type}`)).size).toBe(24);
});

function readExamples(from: string): readonly Example[] {
  const printed = JSON.parse(readFileSync(join(from, 'examples.json'), 'utf8')) as Record<
    string,
    { readonly example: string }
  >;
  return Object.entries(printed).flatMap(([name, { example }]) => {
    const revision = /^Realtime(Beta)?ClientEvent/.exec(name);
    if (!revision) return [];
    const dialect = revision[1] ? 'preview' : 'ga';
    return documentsIn(example).map((message, index) => ({
      name: index === 0 ? name : `${name}, second`,
      dialect,
      message,
    }));
  });
}

/** The reference prints JSON with comments and commas too many, and at times two objects in one example. */
function documentsIn(printed: string): readonly Example['message'][] {
  const plain = printed.replaceAll(/\/\/.*$/gm, '').replaceAll(/,(\s*[}\]])/g, '$1');
  return plain
    .split(/^(?=\{)/m)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as Example['message']);
}
