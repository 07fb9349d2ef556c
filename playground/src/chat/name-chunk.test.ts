import { expect, test } from 'vitest';
import { nameChunk } from './name-chunk.ts';

test.each([
  [{ choices: [{ delta: { role: 'assistant', content: null, audio: { transcript: '' } } }] }, 'role'],
  [{ choices: [{ delta: { audio: { transcript: ' dog' } } }] }, 'transcript " dog"'],
  [{ choices: [{ delta: { audio: { data: 'AAAA' } } }] }, 'audio'],
  [{ choices: [{ delta: { audio: { expires_at: 5 } } }] }, 'expires_at'],
  [{ choices: [{ delta: { content: 'Yes' } }] }, 'content "Yes"'],
  [{ choices: [{ delta: { tool_calls: [{ index: 0 }] } }] }, 'tool_calls'],
  [{ choices: [{ delta: {}, finish_reason: 'stop' }] }, 'finish_reason stop'],
  [{ choices: [], usage: { total_tokens: 3 } }, 'usage'],
])('a chunk is named for what it brings: %j', (chunk, name) => {
  expect(nameChunk(chunk)).toBe(name);
});
