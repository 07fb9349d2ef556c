import { expect, test } from 'vitest';
import { addChunk, NO_ANSWER, toAnswer, toSamples, toSpokenReply, toStreamedReply } from './answer.ts';
import type { CompletionChunk } from './completion.ts';

type Delta = CompletionChunk['choices'][number]['delta'];

function chunk(delta: Delta, finishReason: string | null = null): CompletionChunk {
  return { choices: [{ delta, finish_reason: finishReason }] };
}

test('a spoken stream adds up to its transcript, its id and its end', () => {
  const answer = [
    chunk({ content: null, audio: { id: 'audio_1', transcript: '' } }),
    chunk({ audio: { id: 'audio_1', transcript: 'Golden' } }),
    chunk({ audio: { id: 'audio_1', data: 'AAABAA==' } }),
    chunk({ audio: { id: 'audio_1', transcript: ' retrievers.' } }),
    chunk({ audio: { expires_at: 1_800_000_000 } }),
    chunk({}, 'stop'),
    { choices: [], usage: { prompt_tokens: 4, completion_tokens: 7, total_tokens: 11 } },
  ].reduce(addChunk, NO_ANSWER);
  expect(answer).toEqual({
    text: 'Golden retrievers.',
    isSpoken: true,
    audioId: 'audio_1',
    expiresAt: 1_800_000_000,
    toolCalls: [],
    finishReason: 'stop',
    usage: { prompt_tokens: 4, completion_tokens: 7, total_tokens: 11 },
  });
});

test('a tool call that comes in pieces adds up', () => {
  const answer = [
    chunk({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'get_weather', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'call_2', function: { name: 'get_time', arguments: '{}' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"Kiruna"}' } }] }),
    chunk({}, 'tool_calls'),
  ].reduce(addChunk, NO_ANSWER);
  expect(answer.toolCalls).toEqual([
    { id: 'call_1', name: 'get_weather', arguments: '{"city":"Kiruna"}' },
    { id: 'call_2', name: 'get_time', arguments: '{}' },
  ]);
});

test('a spoken answer in one piece is its transcript', () => {
  const audio = { id: 'audio_1', expires_at: 1_800_000_000, data: 'UklGRg==', transcript: 'Yes.' };
  const message = { content: null, audio };
  expect(toAnswer({ choices: [{ finish_reason: 'stop', message }] })).toMatchObject({
    text: 'Yes.',
    isSpoken: true,
    audioId: 'audio_1',
    expiresAt: 1_800_000_000,
  });
});

test('samples are little-endian, and a byte too many is left', () => {
  expect([...toSamples('AAABAP//AA==')]).toEqual([0, 1, -1]);
});

test('streamed PCM is kept as it came, and played with a header', async () => {
  const reply = toStreamedReply({ audioId: 'audio_1', expiresAt: 5 }, [
    Int16Array.of(1, 2),
    Int16Array.of(-1),
  ]);
  expect(new Uint8Array((await reply?.file.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(
    Uint8Array.of(1, 0, 2, 0, 255, 255),
  );
  const wav = new Uint8Array((await reply?.playable.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe('RIFF');
  expect([...wav.subarray(44)]).toEqual([1, 0, 2, 0, 255, 255]);
});

test('other formats are played as they are', () => {
  const reply = toSpokenReply({ audioId: 'a', expiresAt: 5 }, 'opus', Uint8Array.of(79));
  expect(reply.playable).toBe(reply.file);
  expect(reply.file.type).toBe('audio/ogg');
});
