import { describe, expect, test } from 'vitest';
import { toBody, toChatRequest } from './chat-request.ts';
import { type ChatSettings, FIRST_SETTINGS } from './chat-settings.ts';
import type { Clip } from './request-message.ts';
import type { AnswerContent, AnswerStatus, AssistantTurn, SpokenReply, Turn, UserTurn } from './turn.ts';

const NOW = 1_800_000_000;
const clip: Clip = { name: 'question.wav', format: 'wav', file: new Blob(), data: 'UklGRg==' };

const reply: SpokenReply = {
  id: 'audio_1',
  expiresAt: NOW + 60,
  file: new Blob(),
  format: 'wav',
  playable: new Blob(),
};

function user(text: string, clips: readonly Clip[] = []): UserTurn {
  return { role: 'user', id: 0, text, clips };
}

function assistant(
  changes: Partial<AnswerContent>,
  status: AnswerStatus = { status: 'done' },
): AssistantTurn {
  return {
    role: 'assistant',
    id: 1,
    text: 'A fine dog.',
    isSpoken: true,
    audio: reply,
    toolCalls: [],
    finishReason: 'stop',
    usage: undefined,
    request: undefined,
    response: undefined,
    requestId: undefined,
    isForgotten: false,
    ...changes,
    ...status,
  };
}

function bodyOf(turns: readonly Turn[], changes: Partial<ChatSettings> = {}): unknown {
  return toBody(toChatRequest({ ...FIRST_SETTINGS, ...changes }, turns, NOW));
}

function messagesOf(turns: readonly Turn[]): unknown {
  return toBody(toChatRequest(FIRST_SETTINGS, turns, NOW))['messages'];
}

describe('what is asked for', () => {
  test('PCM is streamed', () => {
    expect(bodyOf([user('Hello')])).toEqual({
      model: 'gpt-4o-mini-audio-preview',
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'pcm16' },
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Hello' }],
    });
  });

  test('a format with a header comes in one piece', () => {
    expect(bodyOf([user('Hello')], { format: 'mp3', voice: 'echo' })).toEqual({
      model: 'gpt-4o-mini-audio-preview',
      modalities: ['text', 'audio'],
      audio: { voice: 'echo', format: 'mp3' },
      messages: [{ role: 'user', content: 'Hello' }],
    });
  });

  test('text alone is streamed and has no voice', () => {
    expect(bodyOf([user('Hello')], { isSpoken: false, format: 'mp3' })).toEqual({
      model: 'gpt-4o-mini-audio-preview',
      modalities: ['text'],
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Hello' }],
    });
  });

  test('every further setting is a field, and the instructions are the first message', () => {
    const changes = {
      deployment: 'mine',
      instructions: ' Be brief. ',
      temperature: 0,
      maxTokens: 50,
      stop: ['.'],
      tools: '[{"name":"get_time"}]',
    };
    expect(bodyOf([user('Hello')], changes)).toMatchObject({
      model: 'mine',
      temperature: 0,
      max_completion_tokens: 50,
      stop: ['.'],
      tools: [{ type: 'function', function: { name: 'get_time' } }],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
    });
  });
});

describe('the conversation', () => {
  test('a clip stands after the text, and alone where there is none', () => {
    const audio = { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } };
    expect(messagesOf([user('Listen:', [clip]), user('', [clip])])).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Listen:' }, audio] },
      { role: 'user', content: [audio] },
    ]);
  });

  test('a spoken reply is named by its id', () => {
    expect(messagesOf([user('Hello'), assistant({})])).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', audio: { id: 'audio_1' } },
    ]);
  });

  test.each([
    ['has expired', assistant({ audio: { ...reply, expiresAt: NOW } })],
    ['was forgotten by the server', assistant({ isForgotten: true })],
    ['was stopped', assistant({ audio: undefined }, { status: 'stopped' })],
  ])('a spoken reply that %s is told in its words', (_, turn) => {
    expect(messagesOf([turn])).toEqual([{ role: 'assistant', content: 'A fine dog.' }]);
  });

  test('an answer that failed or never began is left out', () => {
    const stopped = assistant({ text: '', audio: undefined }, { status: 'stopped' });
    const failed = assistant({}, { status: 'failed', error: new Error('The server can not be reached.') });
    expect(messagesOf([user('Hello'), failed, stopped])).toEqual([{ role: 'user', content: 'Hello' }]);
  });

  test('a tool call is answered under its id', () => {
    const call = { id: 'call_1', name: 'get_time', arguments: '{}' };
    const turns: readonly Turn[] = [
      assistant({ text: '', audio: undefined, toolCalls: [call] }),
      { role: 'tool', id: 2, callId: 'call_1', name: 'get_time', output: '12:30' },
    ];
    expect(messagesOf(turns)).toEqual([
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '12:30' },
    ]);
  });
});
