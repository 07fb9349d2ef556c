import { describe, expect, test } from 'vitest';
import type { Access, CodeLanguage } from '../../code/program.ts';
import { toChatRequest } from '../chat-request.ts';
import { type ChatSettings, FIRST_SETTINGS } from '../chat-settings.ts';
import type { Turn } from '../turn.ts';
import { writeChatProgram } from './chat-program.ts';

const endpoint = 'http://127.0.0.1:8080';
const question: Turn = {
  role: 'user',
  id: 1,
  text: 'What is said?',
  clips: [{ name: 'question.wav', format: 'wav', file: new Blob(), data: 'UklGRg==' }],
};

function codeOf(language: CodeLanguage, access: Access, settings: Partial<ChatSettings> = {}): string {
  const request = toChatRequest({ ...FIRST_SETTINGS, ...settings }, [question], 0);
  return writeChatProgram(request, { language, access, endpoint }).code;
}

describe('TypeScript', () => {
  test('a stream of speech, without a key', () => {
    expect(codeOf('typescript', 'keyless')).toBe(`// Run it with: node chat.mts
// Reads question.wav, which the playground lets you download.
// To listen: ffplay -f s16le -ar 24000 -ch_layout mono answer.pcm
import { readFile, writeFile } from 'node:fs/promises';
import { DefaultAzureCredential, getBearerTokenProvider } from '@azure/identity';
import { AzureOpenAI } from 'openai';

const client = new AzureOpenAI({
  endpoint: 'http://127.0.0.1:8080',
  apiVersion: '2025-01-01-preview',
  azureADTokenProvider: getBearerTokenProvider(
    new DefaultAzureCredential(),
    'https://cognitiveservices.azure.com/.default',
  ),
});

const stream = await client.chat.completions.create({
  model: 'gpt-4o-mini-audio-preview',
  modalities: ['text', 'audio'],
  audio: { voice: 'alloy', format: 'pcm16' },
  stream: true,
  stream_options: { include_usage: true },
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is said?' },
        {
          type: 'input_audio',
          input_audio: { data: await readFile('question.wav', 'base64'), format: 'wav' },
        },
      ],
    },
  ],
});

const audio: Buffer[] = [];
for await (const chunk of stream) {
  const delta = chunk.choices[0]?.delta;
  process.stdout.write(delta?.audio?.transcript ?? delta?.content ?? '');
  if (delta?.audio?.data) audio.push(Buffer.from(delta.audio.data, 'base64'));
}
await writeFile('answer.pcm', Buffer.concat(audio));
`);
  });

  test('a key comes from the environment', () => {
    const code = codeOf('typescript', 'key');
    expect(code).toContain("  apiKey: process.env['AZURE_OPENAI_API_KEY'],\n");
    expect(code).not.toContain('@azure/identity');
  });
});

describe('Python', () => {
  test('speech in one piece, with a key', () => {
    expect(codeOf('python', 'key', { format: 'mp3' })).toBe(`# Run it with: python chat.py
# Reads question.wav, which the playground lets you download.
import base64
import os
from pathlib import Path

from openai import AzureOpenAI

client = AzureOpenAI(
    azure_endpoint="http://127.0.0.1:8080",
    api_version="2025-01-01-preview",
    api_key=os.environ["AZURE_OPENAI_API_KEY"],
)


def base64_of(name):
    return base64.b64encode(Path(name).read_bytes()).decode()


completion = client.chat.completions.create(
    model="gpt-4o-mini-audio-preview",
    modalities=["text", "audio"],
    audio={"voice": "alloy", "format": "mp3"},
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is said?"},
                {
                    "type": "input_audio",
                    "input_audio": {"data": base64_of("question.wav"), "format": "wav"},
                },
            ],
        },
    ],
)

message = completion.choices[0].message
print(message.audio.transcript if message.audio else message.content or "")
if message.audio:
    Path("answer.mp3").write_bytes(base64.b64decode(message.audio.data))
`);
  });
});

describe('curl', () => {
  test('a stream of text, without a key', () => {
    expect(codeOf('curl', 'keyless', { isSpoken: false })).toBe(`# Run it with: sh chat.sh
# Reads question.wav, which the playground lets you download.
set -e

token=$(curl -sSf -G "$IDENTITY_ENDPOINT" -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" \\
  -d api-version=2019-08-01 --data-urlencode 'resource=https://cognitiveservices.azure.com' |
  sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')

curl -sSN --fail-with-body -o answer.txt \\
  'http://127.0.0.1:8080/openai/deployments/gpt-4o-mini-audio-preview/chat/completions?api-version=2025-01-01-preview' \\
  -H "Authorization: Bearer $token" \\
  -H 'Content-Type: application/json' \\
  --data-binary @- <<JSON
{
  "model": "gpt-4o-mini-audio-preview",
  "modalities": ["text"],
  "stream": true,
  "stream_options": {"include_usage": true},
  "messages": [
    {
      "role": "user",
      "content": [
        {"type": "text", "text": "What is said?"},
        {
          "type": "input_audio",
          "input_audio": {"data": "$(base64 < 'question.wav' | tr -d '\\n')", "format": "wav"}
        }
      ]
    }
  ]
}
JSON
cat answer.txt
`);
  });
});
